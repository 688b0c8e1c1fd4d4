import { beforeEach, describe, expect, it } from '@jest/globals';
import { lostBy } from '@scalpstorm/engine';
import {
  type Activity,
  ClientOrderId,
  type Order,
  type OrderRequest,
  PlanId,
  Price,
  Quantity,
} from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';
import { type LostStops, LostStopsStore } from '../ports/lost-stops.js';
import type { RunPlans } from './run-plans.js';
import { WatchProtection } from './watch-protection.js';

class MemoryLostStops extends LostStopsStore {
  rows: readonly LostStops[] = [];
  readonly told: Activity[] = [];
  readonly counted = new Set<ClientOrderId>();
  away = false;
  orders: () => readonly Order[] = () => [];

  async load() {
    return this.rows;
  }

  async uncounted() {
    return this.orders().filter((order) => lostBy(order) > 0n && !this.counted.has(order.request.clientOrderId));
  }

  async keep(lost: LostStops, told: Activity | null, counted: readonly ClientOrderId[]) {
    if (this.away) throw new Error('Postgres is away');
    const others = this.rows.filter(({ planId, side }) => planId !== lost.planId || side !== lost.side);
    this.rows = lost.quantity > 0n ? [...others, lost] : others;
    for (const id of counted) this.counted.add(id);
    if (told !== null) this.told.push(told);
  }
}

const bought = anOrderRequest({ clientOrderId: ClientOrderId.of('bought'), botId: null });
const stop = anOrderRequest({
  clientOrderId: ClientOrderId.of('stop'),
  botId: null,
  side: 'sell',
  purpose: 'close',
  type: 'market',
  price: null,
  quantity: Quantity.of('0.005'),
  trigger: { kind: 'stop', price: Price.of('40000'), source: 'last' },
});
const sold = anOrderRequest({
  ...stop,
  clientOrderId: ClientOrderId.of('sold'),
  trigger: undefined,
  quantity: Quantity.of('0.00999'),
});

type Uncovered = ReturnType<RunPlans['uncovered']>[number];

describe('a position that asked for a stop', () => {
  let parts: ExecutionParts;
  let store: MemoryLostStops;
  let watch: WatchProtection;
  let uncovered: readonly Uncovered[];
  const plans = { uncovered: () => uncovered } as Pick<RunPlans, 'uncovered'> as RunPlans;

  const watchOver = (of: ExecutionParts) =>
    new WatchProtection(of.ledger, of.venues, store, plans, of.log, new Metrics('execution'));

  beforeEach(async () => {
    store = new MemoryLostStops();
    uncovered = [];
    parts = new ExecutionParts();
    const { storage } = parts.ledger;
    store.orders = () => [...storage.orders.values()].map(({ tracked }) => tracked.order);
    parts.venue.lackOf = () => null;
    watch = watchOver(parts);
    await fill(bought, '1');
  });

  async function fill(order: OrderRequest, tradeId: string): Promise<void> {
    await parts.rest(order);
    const all = parts.fillOf(order, tradeId, { quantity: order.quantity });
    const view = parts.venue.view(order, { status: 'filled', filledQuantity: order.quantity });
    parts.venueReport.listenerFor(order.accountId).onFill(all, view);
    await settled(() => parts.stored(order).status === 'filled');
  }

  /** The venue says that it is over. */
  async function ends(order: OrderRequest, kind: 'canceled' | 'expired'): Promise<void> {
    const view = parts.venue.view(order, { status: kind });
    const occurredAt = parts.clock.now();
    parts.venueReport.listenerFor(order.accountId).onOrderReport({ kind, order: view, reason: null, occurredAt });
    await settled(() => parts.stored(order).status === kind);
  }

  const looks = async (times: number, at: WatchProtection = watch) => {
    for (let time = 0; time < times; time += 1) await at.look();
  };
  /** What of a plan has no stop at work, as `RunPlans` says it. */
  function bareOfPlan(quantity: string): Uncovered {
    const planId = PlanId.of('plan_000000000001');
    const of = { accountId: bought.accountId, instrumentId: bought.instrumentId, botId: null, planId };
    return { ...of, side: 'sell', userId: bought.userId, quantity: Quantity.of(quantity), why: 'the gate said no' };
  }

  const codes = () => store.told.map(({ code }) => code);

  it('and never did, is nobody’s business', async () => {
    await looks(5);
    expect(store.told).toEqual([]);
  });

  it('and whose stop the gate denied is told of, though no order of it ever was', async () => {
    uncovered = [bareOfPlan('0.005')];
    await looks(3);
    expect(store.told).toEqual([]);
    await looks(1);
    expect(store.told).toMatchObject([
      { code: 'POSITION_UNPROTECTED', data: { quantity: '0.005', planId: 'plan_000000000001' } },
    ]);
    expect(store.told[0]?.text).toContain('the gate said no');
    uncovered = [];
    const placed = { ...stop, clientOrderId: ClientOrderId.of('p000000000001S0001') };
    await parts.rest(placed);
    await looks(1);
    expect([codes(), store.rows]).toEqual([['POSITION_UNPROTECTED', 'POSITION_PROTECTED'], []]);
  });

  it('whose stop is on its way for a moment is nobody’s business', async () => {
    for (let time = 0; time < 4; time += 1) {
      uncovered = [bareOfPlan('0.005')];
      await looks(1);
      uncovered = [];
      await looks(1);
    }
    expect([store.told, store.rows]).toEqual([[], []]);
  });

  it('and whose stop the venue ended is told of once, with what has none, and again when it has one', async () => {
    await parts.rest(stop);
    await ends(stop, 'canceled');
    await looks(2);
    expect(store.told).toEqual([]);
    await looks(5);
    expect(store.told).toMatchObject([
      { level: 'ERROR', code: 'POSITION_UNPROTECTED', userId: stop.userId, data: { quantity: '0.005' } },
    ]);
    await parts.rest({ ...stop, clientOrderId: ClientOrderId.of('stop2') });
    await looks(3);
    expect(codes()).toEqual(['POSITION_UNPROTECTED', 'POSITION_PROTECTED']);
    expect(store.rows).toEqual([]);
  });

  it('and has a new stop for a part of it only is told of for the rest', async () => {
    const small = { ...stop, clientOrderId: ClientOrderId.of('stop2'), quantity: Quantity.of('0.001') };
    await parts.rest(stop);
    await parts.rest(small);
    await ends(stop, 'canceled');
    const part = { ...small, clientOrderId: ClientOrderId.of('stop3') };
    await parts.rest(part);
    // Neither is one a new stop whose cancel the venue refuses.
    parts.venue.onCancel = () => ({ kind: 'rejected', code: 'ORDER_REJECTED', text: 'no', retryable: false });
    await parts.cancelRequested.handle(parts.cancellation(small));
    await settled(() => parts.stored(small).status === 'accepted');
    await looks(5);
    expect(store.told).toMatchObject([{ code: 'POSITION_UNPROTECTED', data: { quantity: '0.004' } }]);
    await parts.rest({ ...stop, clientOrderId: ClientOrderId.of('stop4'), quantity: Quantity.of('0.004') });
    await looks(1);
    expect([codes(), store.rows]).toEqual([['POSITION_UNPROTECTED', 'POSITION_PROTECTED'], []]);
  });

  it('and whose stop the venue refused is told of too', async () => {
    parts.venue.onPlace = () => ({ kind: 'rejected', code: 'WOULD_TRIGGER', text: 'at once', retryable: true });
    await parts.approve(stop);
    await settled(() => parts.stored(stop).status === 'rejected');
    await looks(4);
    expect(codes()).toEqual(['POSITION_UNPROTECTED']);
  });

  it('and whose person took the stop away, or whose stop was replaced at once, is not', async () => {
    await parts.rest(stop);
    parts.venue.onCancel = () => ({ kind: 'canceled', order: parts.venue.view(stop, { status: 'canceled' }) });
    await parts.cancelRequested.handle(parts.cancellation(stop));
    await settled(() => parts.stored(stop).status === 'canceled');
    const next = { ...stop, clientOrderId: ClientOrderId.of('stop2') };
    await parts.rest(next);
    await ends(next, 'canceled');
    await looks(1);
    await parts.rest({ ...stop, clientOrderId: ClientOrderId.of('stop3') });
    await looks(5);
    expect(store.told).toEqual([]);
  });

  it('and whose stop made room for a close that came to nothing is told of until it is closed', async () => {
    await parts.rest(stop);
    const { accountId, clientOrderId } = stop;
    const wish = { accountId, clientOrderId, requestedAt: parts.clock.now(), causedBy: null };
    await parts.ledger.requestCancel({ ...wish, cancelReason: 'flatten' });
    await ends(stop, 'canceled');
    await looks(2);
    expect(store.told).toEqual([]);
    await looks(3);
    expect(codes()).toEqual(['POSITION_UNPROTECTED']);
    await fill(sold, '2');
    await looks(1);
    expect(codes()).toEqual(['POSITION_UNPROTECTED', 'POSITION_PROTECTED']);
  });

  it('is told of that it is over when the position is closed', async () => {
    await parts.rest(stop);
    await ends(stop, 'expired');
    await looks(4);
    await fill(sold, '2');
    await looks(1);
    expect(codes()).toEqual(['POSITION_UNPROTECTED', 'POSITION_PROTECTED']);
    expect(store.rows).toEqual([]);
  });

  it('and lost it is remembered by the next process, which tells it once', async () => {
    await parts.rest(stop);
    await ends(stop, 'canceled');
    store.away = true;
    await expect(watch.look()).rejects.toThrow('Postgres is away');
    store.away = false;
    await looks(1);
    expect(store.rows).toMatchObject([{ quantity: stop.quantity, told: false }]);
    const next = new ExecutionParts({ storage: parts.ledger.storage });
    await next.ledger.open();
    for (const position of parts.ledger.positions()) next.ledger.books.rememberPosition(position);
    await looks(5, watchOver(next));
    await looks(5, watchOver(next));
    expect(codes()).toEqual(['POSITION_UNPROTECTED']);
  });

  it('and lost it is told of by the next process too where the first died before it could store that', async () => {
    const next = async () => {
      const second = new ExecutionParts({ storage: parts.ledger.storage });
      await second.ledger.open();
      for (const position of parts.ledger.positions()) second.ledger.books.rememberPosition(position);
      return watchOver(second);
    };
    await parts.rest(stop);
    await ends(stop, 'canceled');
    parts.clock.advance(1);
    await parts.rest({ ...stop, clientOrderId: ClientOrderId.of('stop2'), quantity: Quantity.of('0.001') });
    await looks(5, await next());
    await looks(5, await next());
    expect(store.told).toMatchObject([{ code: 'POSITION_UNPROTECTED', data: { quantity: '0.004' } }]);
    expect(store.rows).toMatchObject([{ quantity: Quantity.of('0.004') }]);
  });

  it('of a bot asks for itself alone', async () => {
    const ofBot = anOrderRequest({
      ...stop,
      clientOrderId: ClientOrderId.of('botstop'),
      botId: anOrderRequest().botId,
    });
    await parts.rest(ofBot);
    await ends(ofBot, 'canceled');
    await looks(5);
    expect(store.told).toEqual([]);
  });
});
