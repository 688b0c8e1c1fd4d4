import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, BotId, ClientOrderId, type Order, type OrderRequest, Quantity, UserId } from '@scalpstorm/model';
import { anInstrument, anOrder, anOrderRequest, aPosition, aQuote, FakeClock } from '@scalpstorm/testkit';
import { limitsFrom } from '../domain/limits.js';
import { MarketViews } from '../domain/market-views.js';
import { Instruments } from '../ports/standing-source.js';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';
import { Gate } from './gate.js';

const limits = limitsFrom({
  RISK_CURRENCY: 'USDT',
  RISK_ORDER_NOTIONAL_MAX: '10000',
  RISK_BOT_EXPOSURE_MAX: '20000',
  RISK_ACCOUNT_EXPOSURE_MAX: '1000000',
  RISK_PRICE_COLLAR_BPS: 500,
  RISK_OPEN_ORDERS_PER_BOT_MAX: 2,
  RISK_OPEN_ORDERS_PER_ACCOUNT_MAX: 100,
  RISK_ORDERS_PER_SECOND_PER_BOT_MAX: 100,
  RISK_ORDERS_PER_SECOND_PER_ACCOUNT_MAX: 100,
  RISK_MARKET_AGE_MS_MAX: 600_000,
});
const accountId = AccountId.of('demo');
const approvalLifeMs = 2_000;

class OneInstrument extends Instruments {
  async refresh(): Promise<void> {}
  get() {
    return anInstrument();
  }
}

class SwitchedStates extends TradingStates {
  state: CurrentState = { state: 'active', text: '', since: Timestamp.fromMicros(0) };
  async load(): Promise<void> {}
  of = (_user: UserId) => this.state;
  set = async () => this.state;
}

function world() {
  const clock = new FakeClock();
  const market = new MarketViews();
  market.onQuote(aQuote(), clock.now());
  const states = new SwitchedStates();
  const gate = new Gate({ limits, approvalLifeMs }, market, new OneInstrument(), states, clock);
  gate.expectBooks();
  gate.restore([]);
  gate.open();
  return { clock, gate, states };
}

let count = 0;
function wish(changes: Partial<OrderRequest> = {}): OrderRequest {
  count += 1;
  return anOrderRequest({ clientOrderId: ClientOrderId.of(`wish${count}`), ...changes });
}

const codeOf = (verdict: ReturnType<Gate['judge']>) => (verdict.kind === 'denied' ? verdict.denial.code : 'APPROVED');
const close = (quantity: string) => wish({ side: 'sell', purpose: 'close', quantity: Quantity.of(quantity) });

function orderOf(request: OrderRequest, changes: Partial<Order>): Order {
  return anOrder({ request, ...changes });
}

describe('the gate', () => {
  it('gives an approval its expiry', () => {
    const { gate, clock } = world();
    expect(gate.judge(wish())).toEqual({ kind: 'approved', expiresAt: clock.now() + 2 * second });
  });

  it('counts what it approved until execution tells of it or the approval is over', () => {
    const { gate, clock } = world();
    const [first, second_] = [wish(), wish()];
    expect([first, second_, wish()].map((order) => codeOf(gate.judge(order)))).toEqual([
      'APPROVED',
      'APPROVED',
      'TOO_MANY_OPEN_ORDERS',
    ]);
    gate.noteOrder(orderOf(first, { status: 'unknown', version: 2, updatedAt: clock.now() }));
    clock.advance(3 * second);
    gate.releaseExpired();
    expect(codeOf(gate.judge(wish()))).toBe('TOO_MANY_OPEN_ORDERS');
    clock.advance(2 * second);
    gate.releaseExpired();
    expect(codeOf(gate.judge(wish()))).toBe('APPROVED');
    // What is in doubt keeps its place for as long as it takes.
    expect(codeOf(gate.judge(wish()))).toBe('TOO_MANY_OPEN_ORDERS');
  });

  it('opens nothing while it recovers and closes what its bot holds', () => {
    const { clock, states } = world();
    const market = new MarketViews();
    const gate = new Gate({ limits, approvalLifeMs }, market, new OneInstrument(), states, clock);
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [aPosition({ quantity: Quantity.of('0.01') })] }]);
    expect(gate.isRecovering).toBe(true);
    expect(codeOf(gate.judge(wish()))).toBe('GATE_RECOVERING');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
    expect(codeOf(gate.judge(close('0.01')))).toBe('EXCEEDS_POSITION');
  });

  it('keeps an approval of its own when the books are read again', () => {
    const { gate } = world();
    gate.judge(wish());
    gate.judge(wish());
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [] }]);
    expect(codeOf(gate.judge(wish()))).toBe('TOO_MANY_OPEN_ORDERS');
  });

  it('does not lose what it heard while the books were being read', () => {
    const { gate, clock } = world();
    const order = wish({ quantity: Quantity.of('0.01') });
    gate.judge(order);
    gate.expectBooks();
    const filledQuantity = order.quantity;
    gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity, updatedAt: clock.now() }));
    const asRead = orderOf(order, { status: 'accepted', version: 2, updatedAt: clock.now() });
    gate.restore([{ accountId, orders: [asRead], positions: [] }]);
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('does not book a fill again that its books contain, when the event comes late', () => {
    const { gate, clock } = world();
    const order = wish({ quantity: Quantity.of('0.01') });
    const updatedAt = clock.now();
    clock.advance(7_200 * second);
    gate.expectBooks();
    gate.restore([{ accountId, orders: [], positions: [aPosition({ quantity: Quantity.of('0.01') })] }]);
    const filledQuantity = order.quantity;
    expect(gate.noteOrder(orderOf(order, { status: 'accepted', version: 2, updatedAt }))).toBe(true);
    expect(gate.noteOrder(orderOf(order, { status: 'filled', version: 3, filledQuantity, updatedAt }))).toBe(true);
    expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('takes a new order into account that the books do not show yet', () => {
    const { gate, clock } = world();
    const order = wish({ quantity: Quantity.of('0.01') });
    const filled = { status: 'filled', version: 3, filledQuantity: order.quantity, updatedAt: clock.now() } as const;
    gate.noteOrder(orderOf(order, filled));
    gate.noteOrder(orderOf(order, filled));
    expect(codeOf(gate.judge(close('0.02')))).toBe('EXCEEDS_POSITION');
    expect(codeOf(gate.judge(close('0.01')))).toBe('APPROVED');
  });

  it('keeps the bots of an account apart', () => {
    const { gate } = world();
    const other = { botId: BotId.of('bot_00000002') };
    gate.judge(wish());
    gate.judge(wish());
    expect(codeOf(gate.judge(wish(other)))).toBe('APPROVED');
  });

  it('denies everything but the flatten while trading is halted', () => {
    const { gate, states } = world();
    gate.noteOrder(orderOf(wish(), { status: 'filled', version: 3, filledQuantity: Quantity.of('0.01') }));
    states.state = { state: 'halted', text: 'stop', since: Timestamp.fromMicros(1) };
    const botId = BotId.of('bot_00000001');
    const clientOrderId = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'flatten', attempt: 0 });
    expect(codeOf(gate.judge(wish()))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge(close('0.01')))).toBe('TRADING_HALTED');
    expect(codeOf(gate.judge({ ...close('0.01'), clientOrderId }))).toBe('APPROVED');
  });
});
