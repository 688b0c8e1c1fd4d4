import type { Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  AccountId,
  type Activity,
  type Balance,
  type BookDepth,
  type Bot,
  BotId,
  type BotTotals,
  type Candle,
  ClientOrderId,
  Currency,
  type Cycle,
  type FeedStatus,
  type Fill,
  type Instrument,
  InstrumentId,
  Money,
  type Order,
  type OrderRequest,
  type Position,
  Price,
  Quantity,
  type Quote,
  type Trade,
  TradeId,
  UserId,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';

/** A good value of every noun; a test names only what it is about: `anOrderRequest({ side: 'sell' })`. */
const epoch = 1_700_000_000_000_000 as Timestamp;
const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const botId = BotId.of('bot_00000001');
const userId = UserId.of('user_1');
const accountId = AccountId.of('demo');
const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 0 });
const usdt = (text: string): Money => Money.of(text, 'USDT');

export function anInstrument(changes: Partial<Instrument> = {}): Instrument {
  return {
    id: instrumentId,
    venue: VenueId.of('sim'),
    symbol: 'BTC-USDT',
    base: Currency.of('BTC'),
    quote: Currency.of('USDT'),
    status: 'trading',
    tickSize: Price.of('0.01'),
    priceMin: Price.of('0.01'),
    priceMax: Price.of('1000000'),
    stepSize: Quantity.of('0.00001'),
    quantityMin: Quantity.of('0.00001'),
    quantityMax: Quantity.of('9000'),
    marketQuantityMax: Quantity.of('9000'),
    marketStepSize: Quantity.of('0.00001'),
    marketQuantityMin: Quantity.of('0.00001'),
    notionalMin: usdt('5'),
    marketNotionalMax: null,
    makerFeeRate: '0.001',
    takerFeeRate: '0.001',
    ...changes,
  };
}

export function anOrderRequest(changes: Partial<OrderRequest> = {}): OrderRequest {
  return {
    clientOrderId,
    userId,
    botId,
    accountId,
    mode: 'demo',
    instrumentId,
    side: 'buy',
    type: 'limit',
    quantity: Quantity.of('0.01'),
    price: Price.of('50000'),
    timeInForce: 'GTC',
    purpose: 'open',
    ...changes,
  };
}

/** Just requested: nothing has happened to it yet. */
export function anOrder(changes: Partial<Order> = {}): Order {
  return {
    request: anOrderRequest(),
    status: 'initialized',
    statusBefore: null,
    venueOrderId: null,
    filledQuantity: Quantity.zero,
    filledNotional: usdt('0'),
    fees: [],
    cancelReason: null,
    reason: null,
    version: 0,
    createdAt: epoch,
    updatedAt: epoch,
    ...changes,
  };
}

export function aFill(changes: Partial<Fill> = {}): Fill {
  return {
    tradeId: TradeId.of('1'),
    clientOrderId,
    venueOrderId: VenueOrderId.of('1001'),
    instrumentId,
    side: 'buy',
    price: Price.of('50000'),
    quantity: Quantity.of('0.01'),
    fee: Money.of('0.00001', 'BTC'),
    liquidity: 'maker',
    occurredAt: epoch,
    ...changes,
  };
}

export function aTrade(changes: Partial<Trade> = {}): Trade {
  return {
    instrumentId,
    tradeId: TradeId.of('1'),
    price: Price.of('50000'),
    quantity: Quantity.of('0.01'),
    aggressor: 'buy',
    occurredAt: epoch,
    ...changes,
  };
}

export function aQuote(changes: Partial<Quote> = {}): Quote {
  return {
    instrumentId,
    bidPrice: Price.of('49999.99'),
    bidQuantity: Quantity.of('1'),
    askPrice: Price.of('50000.01'),
    askQuantity: Quantity.of('1'),
    sequence: 1,
    occurredAt: epoch,
    ...changes,
  };
}

export function aBookDepth(changes: Partial<BookDepth> = {}): BookDepth {
  return {
    instrumentId,
    bids: [{ price: Price.of('49999.99'), quantity: Quantity.of('1') }],
    asks: [{ price: Price.of('50000.01'), quantity: Quantity.of('1') }],
    sequence: 1,
    occurredAt: epoch,
    ...changes,
  };
}

export function aCandle(changes: Partial<Candle> = {}): Candle {
  return {
    instrumentId,
    timeframe: '1m',
    openedAt: epoch,
    open: Price.of('50000'),
    high: Price.of('50010'),
    low: Price.of('49990'),
    close: Price.of('50005'),
    volume: Quantity.of('12.5'),
    trades: 42,
    closed: true,
    ...changes,
  };
}

export function aFeedStatus(changes: Partial<FeedStatus> = {}): FeedStatus {
  return { instrumentId, state: 'live', detail: '', lastEventAt: epoch, clockOffset: null, ...changes };
}

export function aBotTotals(changes: Partial<BotTotals> = {}): BotTotals {
  return { cycles: 0, fills: 0, pnl: usdt('0'), fees: usdt('0'), held: Quantity.zero, ...changes };
}

/** A running scalping bot that has not traded yet. */
export function aBot(changes: Partial<Bot> = {}): Bot {
  return {
    id: botId,
    userId,
    config: {
      name: 'Scalper',
      strategy: 'scalping-cycle',
      accountId,
      mode: 'demo',
      instrumentId,
      parameters: {},
    },
    desired: 'running',
    observed: 'running',
    reason: { code: 'STARTED', text: 'Started.' },
    since: epoch,
    totals: aBotTotals(),
    version: 1,
    createdAt: epoch,
    ...changes,
  };
}

export function aCycle(changes: Partial<Cycle> = {}): Cycle {
  return {
    botId,
    number: 0,
    instrumentId,
    mode: 'demo',
    quantity: Quantity.of('0.01'),
    buyPrice: Price.of('50000'),
    sellPrice: Price.of('50100'),
    gross: usdt('1'),
    fees: usdt('0.2'),
    net: usdt('0.8'),
    startedAt: epoch,
    completedAt: epoch,
    buyQuantity: Quantity.of('0.01'),
    sellQuantity: Quantity.of('0.01'),
    feesPaid: [usdt('0.2')],
    otherFees: [],
    dust: Quantity.zero,
    exit: 'target',
    ...changes,
  };
}

export function anAccount(changes: Partial<Account> = {}): Account {
  return { id: accountId, venue: VenueId.of('sim'), mode: 'demo', label: 'Demo', ...changes };
}

export function aBalance(changes: Partial<Balance> = {}): Balance {
  return { currency: Currency.of('USDT'), free: usdt('10000'), locked: usdt('0'), ...changes };
}

/** Flat: nothing held, nothing spent. */
export function aPosition(changes: Partial<Position> = {}): Position {
  return {
    accountId,
    botId,
    instrumentId,
    quantity: Quantity.zero,
    cash: usdt('0'),
    fees: [],
    fills: 0,
    updatedAt: epoch,
    ...changes,
  };
}

export function anActivity(changes: Partial<Activity> = {}): Activity {
  return { level: 'INFO', code: 'BOT_STARTED', text: 'Started.', userId, botId, data: {}, ...changes };
}
