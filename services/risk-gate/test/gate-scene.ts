import { Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type Balance,
  ClientOrderId,
  Currency,
  type InstrumentId,
  Money,
  type Order,
  type OrderRequest,
  Quantity,
  RiskScope,
} from '@scalpstorm/model';
import { aBalance, aFeedStatus, anInstrument, anOrder, anOrderRequest, aQuote, FakeClock } from '@scalpstorm/testkit';
import type { AccountBooks } from '../src/domain/account-books.js';
import { type LimitSettings, limitsFrom } from '../src/domain/limits.js';
import { MarketViews } from '../src/domain/market-views.js';
import { Gate, type GateSettings } from '../src/handlers/gate.js';
import { Instruments, StandingSource } from '../src/ports/standing-source.js';
import { type CurrentState, TradingStates } from '../src/ports/trading-states.js';

const limits: LimitSettings = {
  RISK_CURRENCY: 'USDT',
  RISK_ORDER_NOTIONAL_MAX: '10000',
  RISK_BOT_EXPOSURE_MAX: '20000',
  RISK_ACCOUNT_EXPOSURE_MAX: '1000000',
  RISK_USER_EXPOSURE_MAX: '1000000',
  RISK_VENUE_EXPOSURE_MAX: '1000000',
  RISK_IDENTICAL_ORDERS_PER_BOT_MAX: 100,
  RISK_BALANCE_AGE_MS_MAX: 600_000,
  RISK_CLOCK_OFFSET_MS_MAX: 100,
  RISK_PRICE_COLLAR_BPS: 500,
  RISK_OPEN_ORDERS_PER_BOT_MAX: 2,
  RISK_OPEN_ORDERS_PER_ACCOUNT_MAX: 100,
  RISK_ORDERS_PER_SECOND_PER_BOT_MAX: 100,
  RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX: 100,
  RISK_MARKET_AGE_MS_MAX: 600_000,
};

export const settingsOf = (changes: Partial<LimitSettings>): GateSettings => ({
  limits: limitsFrom({ ...limits, ...changes }),
  approvalLifeMs: 2_000,
  verdictsKeptDays: 30,
});
export const accountId = AccountId.of('demo');

/** Market-data that knows everything, or, while it is away, nothing. */
export class OneInstrument extends Instruments {
  away = false;
  /** What market-data would tell, and what the gate was told. */
  listed = anInstrument();
  /** What nobody lists. */
  readonly unlisted = new Set<InstrumentId>();
  private known = anInstrument();
  async load(): Promise<void> {}
  async refresh(): Promise<void> {
    if (this.away) throw new Error('market-data is away');
    this.known = this.listed;
  }
  get(id: InstrumentId) {
    return this.away || this.unlisted.has(id) ? null : { ...this.known, id };
  }
  venues(): ReadonlySet<string> {
    return new Set(this.away ? [] : [this.known.venue]);
  }
}

class SwitchedStates extends TradingStates {
  state: CurrentState = {
    scope: RiskScope.platform,
    state: 'active',
    text: '',
    since: Timestamp.fromMicros(0),
    by: '',
    operator: false,
  };
  async load(): Promise<void> {}
  of = () => this.state;
  said = () => [this.state];
  own = () => this.state;
  set: TradingStates['set'] = async ({ state, text }) => {
    this.state = { ...this.state, state, text };
    return this.state;
  };
}

/** Execution's books as a test writes them. */
export class WrittenBooks extends StandingSource {
  orders: Order[] = [];
  accounts: AccountBooks[] = [];
  away = false;
  /** Since when each reading wanted to know what changed. */
  readonly readings: (Timestamp | null)[] = [];

  async read(changedSince: Timestamp | null): Promise<readonly AccountBooks[]> {
    this.readings.push(changedSince);
    if (this.away) throw new Error('Postgres is away');
    return this.accounts;
  }

  async find(ids: readonly ClientOrderId[]): Promise<readonly Order[]> {
    if (this.away) throw new Error('Postgres is away');
    return this.orders.filter(({ request }) => ids.includes(request.clientOrderId));
  }
}

/** All of it free. */
export const balances = (usdt: string, btc: string): Balance[] => [
  aBalance({ free: Money.of(usdt, 'USDT') }),
  aBalance({ currency: Currency.of('BTC'), free: Money.of(btc, 'BTC'), locked: Money.of('0', 'BTC') }),
];

/** A gate that has recovered, with a market and a full purse. */
export function gateScene(changes: Partial<LimitSettings> = {}, more: Partial<GateSettings> = {}) {
  const clock = new FakeClock();
  const market = new MarketViews();
  const telling = { recordedAt: clock.now(), heardAt: clock.now() };
  market.onStatus(aFeedStatus({ state: 'live', clockOffset: 0 }), telling);
  market.onQuote(aQuote({ occurredAt: clock.now() }), telling);
  const states = new SwitchedStates();
  const instruments = new OneInstrument();
  const newGate = (views = market) => new Gate({ ...settingsOf(changes), ...more }, views, instruments, states, clock);
  const gate = newGate();
  gate.expectBooks();
  gate.restore([]);
  gate.noteBalances(accountId, balances('1000000', '100'), clock.now());
  gate.open();
  return { clock, gate, market, states, instruments, newGate };
}

let count = 0;
export function wish(changes: Partial<OrderRequest> = {}): OrderRequest {
  count += 1;
  return anOrderRequest({ clientOrderId: ClientOrderId.of(`wish${count}`), ...changes });
}

export const codeOf = (verdict: ReturnType<Gate['judge']>): string =>
  verdict.kind === 'denied' ? verdict.denial.code : 'APPROVED';

export const close = (quantity: string): OrderRequest =>
  wish({ side: 'sell', purpose: 'close', quantity: Quantity.of(quantity) });

export const orderOf = (request: OrderRequest, changes: Partial<Order>): Order => anOrder({ request, ...changes });
