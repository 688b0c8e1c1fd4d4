import { assert, second, Timestamp, unwrap } from '@scalpstorm/kernel';
import {
  AccountId,
  type ClientOrderId,
  isFinal,
  Money,
  type Order,
  type OrderEvent,
  type OrderRequest,
  PlanId,
  type PlanTerms,
  Price,
  Quantity,
  TradeId,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';
import { applyOrderEvent, createOrder } from '../orders/order.js';
import type { Prices } from '../orders/trigger.js';
import { at, exampleFill, exampleInstrument, usdt } from '../testing.js';
import { withDenial, withWithdrawal } from './children.js';
import { decidePlan } from './decide-plan.js';
import type { EndingLevel, Plan, PlanLook } from './plan.js';
import { startPlan } from './start-plan.js';

const instrument = exampleInstrument();
const markets = (price: string): Prices => ({ bid: Price.of(price), ask: Price.of(price), last: Price.of(price) });

/** For specs: a plan, the gate, and a venue of which a test says what it does. Each look is one life of execution: nothing but plan and orders is carried over. */
export class PlayedPlan {
  plan: Plan;
  now = at(0);
  prices: Prices | null = null;
  halt: EndingLevel | null = null;
  mayClose = true;
  readonly orders = new Map<ClientOrderId, Order>();
  /** What the gate was asked for and has not judged. */
  readonly asked = new Map<ClientOrderId, OrderRequest>();
  /** Everything that was ever asked for, in its order. */
  readonly requests: OrderRequest[] = [];
  readonly asks: string[] = [];
  private readonly withdrawn = new Set<ClientOrderId>();
  private trades = 0;

  constructor(terms: PlanTerms, hidden = false) {
    const owner = { userId: UserId.of('usr_1'), accountId: AccountId.of('demo'), mode: 'demo' as const, hidden };
    this.plan = startPlan({ ...owner, id: PlanId.of('plan_000000000001'), terms, instrument }, this.now);
  }

  pass(seconds: number): this {
    this.now = Timestamp.plus(this.now, seconds * second);
    return this.look();
  }

  halted(level: EndingLevel | null): this {
    this.halt = level;
    return this.look();
  }

  market(price: string): this {
    this.prices = markets(price);
    return this.look();
  }

  look(): this {
    for (let turn = 0; turn < 20; turn += 1) {
      const before = this.plan;
      const { plan, asks, cancels } = decidePlan(before, this.seen);
      this.plan = plan;
      for (const { request, ask } of asks) this.ask(request, ask);
      for (const { clientOrderId, reason } of cancels) {
        if (this.orders.has(clientOrderId))
          this.tell(clientOrderId, { kind: 'cancel-requested', cancelReason: reason });
        else {
          this.withdrawn.add(clientOrderId);
          this.plan = withWithdrawal(this.plan, clientOrderId);
        }
      }
      if (this.plan === before) return this;
    }
    throw new Error('a plan that never comes to rest');
  }

  private get seen(): PlanLook {
    const { now, prices, orders, halt, mayClose } = this;
    return { now, prices, orders, halt, mayClose };
  }

  private ask(request: OrderRequest, ask: number): void {
    const known = this.requests.find(({ clientOrderId }) => clientOrderId === request.clientOrderId);
    this.asks.push(`${request.clientOrderId}:${ask}`);
    if (known !== undefined) {
      assert(JSON.stringify(known, exact) === JSON.stringify(request, exact), 'two orders under one id');
      return;
    }
    this.requests.push(request);
    this.asked.set(request.clientOrderId, request);
  }

  /** The gate lets it pass, and the venue takes it. */
  take(id: ClientOrderId = this.newest()): this {
    const request = this.asked.get(id);
    assert(request !== undefined, `nobody asked for ${id}`);
    this.asked.delete(id);
    this.orders.set(id, createOrder(request, usdt, this.now));
    if (this.withdrawn.has(id)) return this.end(id, 'canceled');
    this.tell(id, { kind: 'sending', attempt: 1, expiresAt: this.now });
    this.tell(id, { kind: 'accepted', venueOrderId: VenueOrderId.of(`v-${id}`) });
    return this.look();
  }

  deny(code: string, id: ClientOrderId = this.newest()): this {
    this.asked.delete(id);
    this.plan = withDenial(this.plan, id, { code, text: `what to do about ${code}` });
    return this.look();
  }

  reject(code: string, id: ClientOrderId = this.newest()): this {
    const request = this.asked.get(id);
    assert(request !== undefined, `nobody asked for ${id}`);
    this.asked.delete(id);
    this.orders.set(id, createOrder(request, usdt, this.now));
    this.tell(id, { kind: 'sending', attempt: 1, expiresAt: this.now });
    this.tell(id, { kind: 'rejected', reason: { code, text: 'no' } });
    return this.look();
  }

  fill(id: ClientOrderId, quantity: Quantity, fee: Money = Money.zero(usdt)): this {
    const order = this.orders.get(id);
    assert(order !== undefined, `no order ${id}`);
    this.trades += 1;
    const { side, instrumentId } = order.request;
    const tradeId = TradeId.of(`t${this.trades}`);
    this.tell(id, {
      kind: 'filled',
      fill: exampleFill({ clientOrderId: id, tradeId, side, instrumentId, quantity, fee, price: Price.of('100') }),
    });
    return this.look();
  }

  end(id: ClientOrderId, kind: 'canceled' | 'expired'): this {
    this.tell(id, { kind, reason: { code: kind.toUpperCase(), text: '' } });
    return this.look();
  }

  tell(id: ClientOrderId, event: OrderEvent): void {
    const order = this.orders.get(id);
    assert(order !== undefined, `no order ${id}`);
    this.orders.set(id, unwrap(applyOrderEvent(order, event, this.now, new Set())));
  }

  newest(): ClientOrderId {
    const [id] = [...this.asked.keys()].slice(-1);
    assert(id !== undefined, 'nothing is asked for');
    return id;
  }

  /** The newest order of a leg that is known to the books. */
  newestOf(leg: string): ClientOrderId {
    const id = [...this.orders.keys()].findLast((one) => PlanId.slotOf(one)?.leg === leg);
    assert(id !== undefined, `no order of the leg ${leg}`);
    return id;
  }

  /** Orders at the venue, by what they are for. */
  get working(): readonly Order[] {
    return [...this.orders.values()].filter(({ status }) => !isFinal(status));
  }

  of(leg: string): readonly Order[] {
    return this.working.filter(({ request }) => PlanId.slotOf(request.clientOrderId)?.leg === leg);
  }
}

const exact = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
