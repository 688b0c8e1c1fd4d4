// Written by tools/dashboard/api-types.mjs from the gateway's routes; not to be edited.

export type Session = {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresAt: string;
};

export type User = {
  readonly id: string;
  readonly email: string;
  readonly role: 'viewer' | 'trader' | 'risk' | 'admin';
  readonly disabled: boolean;
};

export type SessionList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly openedAt: string;
    readonly renewedAt: string;
    readonly endsAt: string;
    readonly current: boolean;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type UserList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly email: string;
    readonly role: 'viewer' | 'trader' | 'risk' | 'admin';
    readonly disabled: boolean;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type SetupState = {
  readonly needed: boolean;
};

export type Bot = {
  readonly id: string;
  readonly name: string;
  readonly strategy: string;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
  readonly desired: 'running' | 'paused' | 'stopped';
  readonly observed: 'starting' | 'running' | 'pausing' | 'paused' | 'stopping' | 'flattening' | 'stopped' | 'error';
  readonly reason: {
    readonly code: string;
    readonly text: string;
  };
  readonly since: string;
  readonly cycles: number;
  readonly fills: number;
  readonly pnl: string;
  readonly fees: string;
  readonly held: string;
  readonly currency: string;
  readonly parameters: { readonly [key: string]: unknown };
  readonly version: number;
  readonly createdAt: string;
};

export type OrderList = {
  readonly data: ReadonlyArray<{
    readonly clientOrderId: string;
    readonly bot: string | null;
    readonly plan?: string | null;
    readonly account: string;
    readonly venue: string;
    readonly symbol: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly side: 'buy' | 'sell';
    readonly type: 'limit' | 'market';
    readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'PO' | 'GTD';
    readonly purpose: 'open' | 'close';
    readonly quantity: string;
    readonly price: string | null;
    readonly trigger?: {
      readonly kind: 'stop' | 'take-profit' | 'trailing';
      readonly source: 'last' | 'mark' | 'mid';
      readonly price: string | null;
      readonly distanceBps: number | null;
      readonly activationPrice: string | null;
    } | null;
    readonly expiresAt?: string | null;
    readonly displayQuantity?: string | null;
    readonly status: 'initialized' | 'denied' | 'emulated' | 'released' | 'sending' | 'submitted' | 'accepted' | 'triggered' | 'partially-filled' | 'pending-update' | 'pending-cancel' | 'unknown' | 'filled' | 'canceled' | 'rejected' | 'expired';
    readonly final: boolean;
    readonly filledQuantity: string;
    readonly averagePrice: string | null;
    readonly fees: ReadonlyArray<{
      readonly amount: string;
      readonly currency: string;
    }>;
    readonly venueOrderId: string | null;
    readonly cancelReason: string | null;
    readonly reason: {
      readonly code: string;
      readonly text: string;
    } | null;
    readonly denial: {
      readonly code: string;
      readonly text: string;
      readonly limit: string;
      readonly value: string;
      readonly next: string;
    } | null;
    readonly version: number;
    readonly createdAt: string;
    readonly updatedAt: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type OrderDetail = {
  readonly clientOrderId: string;
  readonly bot: string | null;
  readonly plan?: string | null;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
  readonly side: 'buy' | 'sell';
  readonly type: 'limit' | 'market';
  readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'PO' | 'GTD';
  readonly purpose: 'open' | 'close';
  readonly quantity: string;
  readonly price: string | null;
  readonly trigger?: {
    readonly kind: 'stop' | 'take-profit' | 'trailing';
    readonly source: 'last' | 'mark' | 'mid';
    readonly price: string | null;
    readonly distanceBps: number | null;
    readonly activationPrice: string | null;
  } | null;
  readonly expiresAt?: string | null;
  readonly displayQuantity?: string | null;
  readonly status: 'initialized' | 'denied' | 'emulated' | 'released' | 'sending' | 'submitted' | 'accepted' | 'triggered' | 'partially-filled' | 'pending-update' | 'pending-cancel' | 'unknown' | 'filled' | 'canceled' | 'rejected' | 'expired';
  readonly final: boolean;
  readonly filledQuantity: string;
  readonly averagePrice: string | null;
  readonly fees: ReadonlyArray<{
    readonly amount: string;
    readonly currency: string;
  }>;
  readonly venueOrderId: string | null;
  readonly cancelReason: string | null;
  readonly reason: {
    readonly code: string;
    readonly text: string;
  } | null;
  readonly denial: {
    readonly code: string;
    readonly text: string;
    readonly limit: string;
    readonly value: string;
    readonly next: string;
  } | null;
  readonly version: number;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly events: ReadonlyArray<{
    readonly version: number;
    readonly kind: 'denied' | 'emulated' | 'released' | 'sending' | 'submitted' | 'accepted' | 'triggered' | 'rejected' | 'outcome-unknown' | 'filled' | 'cancel-requested' | 'cancel-rejected' | 'end-held' | 'canceled' | 'expired';
    readonly at: string;
    readonly reason: {
      readonly code: string;
      readonly text: string;
    } | null;
    readonly cancelReason: string | null;
    readonly price: string | null;
    readonly quantity: string | null;
  }>;
};

export type OrderPlanList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly account: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly venue: string;
    readonly symbol: string;
    readonly kind: 'oco' | 'bracket' | 'twap' | 'iceberg' | 'flatten';
    readonly side: 'buy' | 'sell';
    readonly quantity: string;
    readonly purpose: 'open' | 'close' | null;
    readonly entry: {
      readonly type: 'limit' | 'market';
      readonly price: string | null;
      readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'PO' | 'GTD';
      readonly trigger?: {
        readonly kind: 'stop' | 'take-profit' | 'trailing';
        readonly source: 'last' | 'mark' | 'mid';
        readonly price: string | null;
        readonly distanceBps: number | null;
        readonly activationPrice: string | null;
      } | null;
    } | null;
    readonly stop: {
      readonly trigger?: {
        readonly kind: 'stop' | 'take-profit' | 'trailing';
        readonly source: 'last' | 'mark' | 'mid';
        readonly price: string | null;
        readonly distanceBps: number | null;
        readonly activationPrice: string | null;
      } | null;
      readonly price: string | null;
    } | null;
    readonly target: {
      readonly price: string;
      readonly source: 'last' | 'mark' | 'mid';
      readonly type: 'limit' | 'market';
    } | null;
    readonly slices: number | null;
    readonly intervalSeconds: number | null;
    readonly price: string | null;
    readonly show: string | null;
    readonly status: 'planned' | 'working' | 'protecting' | 'done' | 'canceled' | 'failed';
    readonly final: boolean;
    readonly reason: {
      readonly code: string;
      readonly text: string;
    } | null;
    readonly orders: ReadonlyArray<{
      readonly clientOrderId: string;
      readonly leg: 'entry' | 'stop' | 'target' | 'exit' | 'slice';
      readonly quantity: string;
      readonly filledQuantity: string;
      readonly state: 'asked' | 'placed' | 'working' | 'ended';
      readonly code: string | null;
    }>;
    readonly createdAt: string;
    readonly updatedAt: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type OrderPlan = {
  readonly id: string;
  readonly account: string;
  readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
  readonly venue: string;
  readonly symbol: string;
  readonly kind: 'oco' | 'bracket' | 'twap' | 'iceberg' | 'flatten';
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly purpose: 'open' | 'close' | null;
  readonly entry: {
    readonly type: 'limit' | 'market';
    readonly price: string | null;
    readonly timeInForce: 'GTC' | 'IOC' | 'FOK' | 'PO' | 'GTD';
    readonly trigger?: {
      readonly kind: 'stop' | 'take-profit' | 'trailing';
      readonly source: 'last' | 'mark' | 'mid';
      readonly price: string | null;
      readonly distanceBps: number | null;
      readonly activationPrice: string | null;
    } | null;
  } | null;
  readonly stop: {
    readonly trigger?: {
      readonly kind: 'stop' | 'take-profit' | 'trailing';
      readonly source: 'last' | 'mark' | 'mid';
      readonly price: string | null;
      readonly distanceBps: number | null;
      readonly activationPrice: string | null;
    } | null;
    readonly price: string | null;
  } | null;
  readonly target: {
    readonly price: string;
    readonly source: 'last' | 'mark' | 'mid';
    readonly type: 'limit' | 'market';
  } | null;
  readonly slices: number | null;
  readonly intervalSeconds: number | null;
  readonly price: string | null;
  readonly show: string | null;
  readonly status: 'planned' | 'working' | 'protecting' | 'done' | 'canceled' | 'failed';
  readonly final: boolean;
  readonly reason: {
    readonly code: string;
    readonly text: string;
  } | null;
  readonly orders: ReadonlyArray<{
    readonly clientOrderId: string;
    readonly leg: 'entry' | 'stop' | 'target' | 'exit' | 'slice';
    readonly quantity: string;
    readonly filledQuantity: string;
    readonly state: 'asked' | 'placed' | 'working' | 'ended';
    readonly code: string | null;
  }>;
  readonly createdAt: string;
  readonly updatedAt: string;
};

export type FillList = {
  readonly data: ReadonlyArray<{
    readonly tradeId: string;
    readonly clientOrderId: string;
    readonly bot: string | null;
    readonly account: string;
    readonly venue: string;
    readonly symbol: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly side: 'buy' | 'sell';
    readonly price: string;
    readonly quantity: string;
    readonly fee: {
      readonly amount: string;
      readonly currency: string;
    };
    readonly liquidity: 'maker' | 'taker';
    readonly occurredAt: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type CycleList = {
  readonly data: ReadonlyArray<{
    readonly bot: string;
    readonly number: number;
    readonly venue: string;
    readonly symbol: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly quantity: string;
    readonly buyPrice: string;
    readonly sellPrice: string;
    readonly gross: string;
    readonly fees: string;
    readonly net: string;
    readonly currency: string;
    readonly buyQuantity?: string;
    readonly sellQuantity?: string;
    readonly feesPaid?: ReadonlyArray<{
      readonly amount: string;
      readonly currency: string;
    }>;
    readonly otherFees?: ReadonlyArray<{
      readonly fee: {
        readonly amount: string;
        readonly currency: string;
      };
      readonly value: {
        readonly amount: string;
        readonly currency: string;
      } | null;
      readonly priced?: {
        readonly price: string;
        readonly at: string;
      } | null;
    }>;
    readonly dust?: string;
    readonly exit?: 'target' | 'take-profit' | 'trailing' | 'stop-loss' | 'flatten' | 'signal' | 'time';
    readonly startedAt: string;
    readonly completedAt: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type PositionList = {
  readonly data: ReadonlyArray<{
    readonly account: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly bot: string | null;
    readonly venue: string;
    readonly symbol: string;
    readonly quantity: string;
    readonly cash: string;
    readonly currency: string;
    readonly fees: ReadonlyArray<{
      readonly amount: string;
      readonly currency: string;
    }>;
    readonly fills: number;
    readonly updatedAt: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type BalanceList = {
  readonly data: ReadonlyArray<{
    readonly account: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly currency: string;
    readonly free: string;
    readonly locked: string;
    readonly total: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type AccountList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly venue: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly label: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type ActivityList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly at: string;
    readonly level: 'INFO' | 'SUCCESS' | 'WARNING' | 'ERROR' | 'TELEGRAM';
    readonly code: string;
    readonly text: string;
    readonly bot: string | null;
    readonly data: { readonly [key: string]: unknown };
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type StrategyList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly title: string;
    readonly description: string;
    readonly schema: { readonly [key: string]: unknown };
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type InstrumentList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly venue: string;
    readonly symbol: string;
    readonly base: string;
    readonly quote: string;
    readonly status: 'trading' | 'halted';
    readonly tickSize: string;
    readonly priceMin: string;
    readonly priceMax: string;
    readonly stepSize: string;
    readonly quantityMin: string;
    readonly quantityMax: string;
    readonly marketQuantityMax: string;
    readonly notionalMin: string;
    readonly makerFeeRate: string;
    readonly takerFeeRate: string;
    readonly lastPrice: string | null;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type TradingState = {
  readonly state: 'active' | 'reducing' | 'halted';
  readonly text: string;
  readonly since: string | null;
};

export type Reconciliation = {
  readonly reconciled: boolean;
  readonly at: string | null;
  readonly differences: ReadonlyArray<{
    readonly kind: 'order' | 'fill' | 'balance' | 'position';
    readonly account: string;
    readonly subject: string;
    readonly ours: string;
    readonly theirs: string;
    readonly decision: string;
    readonly repaired: boolean;
  }>;
};

export type AccountStateList = {
  readonly data: ReadonlyArray<{
    readonly account: string;
    readonly state: 'recovering' | 'trading' | 'close-only' | 'held';
    readonly code: string;
    readonly text: string;
    readonly circuit: 'closed' | 'half-open' | 'open';
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type DifferenceList = {
  readonly data: ReadonlyArray<{
    readonly kind: 'order' | 'fill' | 'balance' | 'position';
    readonly account: string;
    readonly subject: string;
    readonly ours: string;
    readonly theirs: string;
    readonly decision: string;
    readonly repaired: boolean;
    readonly id: string;
    readonly at: string;
    readonly trigger: 'start' | 'reconnect' | 'timer' | 'request';
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type ExternalOrder = {
  readonly id: string;
  readonly account: string;
  readonly venue: string;
  readonly symbol: string;
  readonly venueOrderId: string;
  readonly clientOrderId: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly price: string | null;
  readonly working: boolean;
  readonly seenAt: string;
  readonly decision: 'adopt' | 'ignore' | 'cancel' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly outcome: string;
};

export type HaltReply = {
  readonly state: 'active' | 'reducing' | 'halted';
  readonly text: string;
  readonly since: string | null;
  readonly level: 'halt' | 'cancel' | 'flatten';
  readonly scope: string;
  readonly bots: ReadonlyArray<{
    readonly bot: string;
    readonly verb: 'start' | 'pause' | 'resume' | 'stop' | 'flatten';
    readonly code: string | null;
    readonly text: string;
  }>;
  readonly ordersCanceled: number;
  readonly remaining: {
    readonly bots: number;
    readonly orders: number;
    readonly positions: number;
    readonly complete: boolean;
    readonly items: ReadonlyArray<{
      readonly kind: 'bot' | 'order' | 'position';
      readonly id: string;
      readonly bot: string | null;
      readonly code: string;
      readonly text: string;
      readonly next: string;
    }>;
  };
};

export type HaltProof = {
  readonly scope: string;
  readonly flat: boolean | null;
  readonly checkedAt: string;
  readonly halted: boolean;
  readonly openOrders: number;
  readonly orders: ReadonlyArray<{
    readonly account: string;
    readonly instrument: string;
    readonly clientOrderId: string;
    readonly side: string;
    readonly quantity: string;
    readonly bot: string | null;
    readonly plan: string | null;
    readonly reason: string;
    readonly nextStep: string;
    readonly ours: boolean;
  }>;
  readonly positions: ReadonlyArray<{
    readonly account: string;
    readonly instrument: string;
    readonly quantity: string;
    readonly bot: string | null;
    readonly plan: string | null;
    readonly reason: string;
    readonly nextStep: string;
  }>;
  readonly dust: ReadonlyArray<{
    readonly account: string;
    readonly instrument: string;
    readonly quantity: string;
    readonly bot: string | null;
    readonly plan: string | null;
    readonly reason: string;
    readonly nextStep: string;
  }>;
  readonly unproven: ReadonlyArray<{
    readonly account: string;
    readonly reason: string;
    readonly nextStep: string;
  }>;
};

export type RiskLimitList = {
  readonly data: ReadonlyArray<{
    readonly name: string;
    readonly value: string;
    readonly unit: string;
    readonly source: string | null;
    readonly own: string | null;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
  readonly version: number;
};

export type RiskState = {
  readonly binding: {
    readonly state: 'active' | 'reducing' | 'halted';
    readonly text: string;
    readonly since: string | null;
  };
  readonly platform: {
    readonly state: 'active' | 'reducing' | 'halted';
    readonly text: string;
    readonly since: string | null;
  };
  readonly states: ReadonlyArray<{
    readonly state: 'active' | 'reducing' | 'halted';
    readonly text: string;
    readonly since: string | null;
    readonly scope: string;
    readonly by: string;
    readonly operator: boolean;
  }>;
};

export type VenueAccount = {
  readonly id: string;
  readonly label: string;
  readonly venue: string;
  readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
  readonly state: 'enabled' | 'disabled';
  readonly keyEnding: string;
  readonly check: {
    readonly at: string;
    readonly mayTrade: boolean;
    readonly mayWithdraw: boolean | null;
    readonly warning: string;
  };
  readonly createdAt: string;
  readonly changedAt: string;
};

export type VenueOfferList = {
  readonly data: ReadonlyArray<{
    readonly venue: string;
    readonly mode: 'backtest' | 'demo' | 'paper' | 'live';
    readonly title: string;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type ApiKeyList = {
  readonly data: ReadonlyArray<{
    readonly id: string;
    readonly label: string;
    readonly scopes: ReadonlyArray<'read' | 'trade'>;
    readonly allowedAddresses: ReadonlyArray<string>;
    readonly createdAt: string;
    readonly expiresAt: string | null;
    readonly lastUsedAt: string | null;
    readonly revokedAt: string | null;
  }>;
  readonly hasMore: boolean;
  readonly nextCursor: string | null;
};

export type NewApiKey = {
  readonly id: string;
  readonly label: string;
  readonly scopes: ReadonlyArray<'read' | 'trade'>;
  readonly allowedAddresses: ReadonlyArray<string>;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
  readonly key: string;
};

export type NotificationProfile = {
  readonly channels: ReadonlyArray<{
    readonly channel: 'telegram' | 'email' | 'webhook';
    readonly state: 'off' | 'up' | 'down';
    readonly text: string;
  }>;
  readonly telegram: ReadonlyArray<{
    readonly id: string;
    readonly label: string;
    readonly linkedAt: string;
  }>;
  readonly email: {
    readonly address: string;
    readonly verified: boolean;
  } | null;
  readonly webhook: {
    readonly url: string;
  } | null;
  readonly preferences: {
    readonly timeZone: string;
    readonly quietHours: {
      readonly from: string;
      readonly to: string;
    } | null;
    readonly summaryAt: string | null;
    readonly levels: {
      readonly telegram: 'INFO' | 'SUCCESS' | 'WARNING' | 'ERROR' | 'OFF';
      readonly email: 'INFO' | 'SUCCESS' | 'WARNING' | 'ERROR' | 'OFF';
      readonly webhook: 'INFO' | 'SUCCESS' | 'WARNING' | 'ERROR' | 'OFF';
    };
    readonly muted: ReadonlyArray<{
      readonly kind: 'bot-created' | 'bot-deleted' | 'bot-started' | 'bot-paused' | 'bot-stopped' | 'bot-stopped-itself' | 'bot-failed' | 'order-placed' | 'order-filled' | 'order-rejected' | 'order-denied' | 'cycle-completed' | 'trading-halted' | 'trading-released' | 'books-differ' | 'activity' | 'daily-summary';
      readonly channel: 'telegram' | 'email' | 'webhook';
    }>;
  };
  readonly failed: ReadonlyArray<{
    readonly id: string;
    readonly channel: 'telegram' | 'email' | 'webhook';
    readonly title: string;
    readonly error: string;
    readonly attempts: number;
    readonly createdAt: string;
  }>;
};

export type TelegramCode = {
  readonly code: string;
  readonly link: string;
  readonly expiresAt: string;
};

export type Version = {
  readonly name: string;
  readonly version: string;
  readonly api: string;
  readonly time: string;
};
