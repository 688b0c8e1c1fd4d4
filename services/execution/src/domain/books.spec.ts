import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type Fill, Money, type OrderEvent, Quantity, TradeId } from '@scalpstorm/model';
import { aFill, anOrder, anOrderRequest } from '@scalpstorm/testkit';
import { Books } from './books.js';
import { contentOf } from './fill-content.js';
import { foldEvents } from './fold.js';
import type { TrackedOrder } from './order-row.js';
import { StagedBatch } from './staged-batch.js';

const now = Timestamp.fromMicros(5);
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: now };
const filled = (fill: Fill): OrderEvent => ({ kind: 'filled', fill });
const cause = { causedBy: null, occurredAt: now, headers: {} };
const half = Quantity.of('0.005');
const unbooked = () => null;
const books = () =>
  new Books(
    AccountId.of('demo'),
    () => now,
    () => now,
  );

function blank(id: string): TrackedOrder {
  const request = anOrderRequest({ clientOrderId: ClientOrderId.of(id) });
  return { order: anOrder({ request }), attempt: 0, requestExpiresAt: null };
}

function fillOf(id: string, tradeId: string, quantity = half): Fill {
  return aFill({ clientOrderId: ClientOrderId.of(id), tradeId: TradeId.of(tradeId), quantity });
}

describe('the books of an account', () => {
  it('show what is staged to the batch only, until it is installed', () => {
    const account = books();
    const batch = new StagedBatch(account);
    batch.stage(foldEvents(blank('a'), { events: [sending] }, unbooked, now), cause);
    expect(batch.order(ClientOrderId.of('a'))?.tracked.order.status).toBe('sending');
    expect(account.working()).toEqual([]);
    batch.install();
    expect(account.working().map(({ order }) => order.status)).toEqual(['sending']);
  });

  it('add up several fills of a batch in one position, net of the base fee', () => {
    const account = books();
    const batch = new StagedBatch(account);
    const events = [sending, filled(fillOf('a', '1')), filled(fillOf('a', '2'))];
    batch.stage(foldEvents(blank('a'), { events }, unbooked, now), cause);
    batch.stage(foldEvents(blank('b'), { events: [sending, filled(fillOf('b', '3'))] }, unbooked, now), cause);
    batch.install();
    expect(account.positions()).toMatchObject([
      { quantity: Quantity.of('0.01497'), cash: Money.of('-750', 'USDT'), fills: 3 },
    ]);
    expect(batch.fills.map(({ tradeId }) => tradeId)).toEqual(['1', '2', '3']);
  });

  it('keep a final order for its late fill, with the trades that it had', () => {
    const account = books();
    const canceled: OrderEvent = { kind: 'canceled', reason: { code: 'VENUE_CANCELED', text: '' } };
    const first = new StagedBatch(account);
    const events = [sending, filled(fillOf('a', '1')), canceled];
    first.stage(foldEvents(blank('a'), { events }, unbooked, now), cause);
    first.install();
    const known = account.order(ClientOrderId.of('a'));
    expect(account.working()).toEqual([]);
    expect(known?.trades).toEqual(new Map([['1', contentOf(fillOf('a', '1'))]]));
    expect(known?.tracked.order.status).toBe('canceled');
  });

  it('forget the oldest final orders beyond their bound, never a working one', () => {
    const account = books();
    account.remember({ tracked: blank('working'), trades: new Map() });
    for (let count = 0; count <= 10_000; count += 1) {
      const { order, ...mark } = blank(`f${count}`);
      account.remember({ tracked: { ...mark, order: { ...order, status: 'filled' } }, trades: new Map() });
    }
    expect(account.order(ClientOrderId.of('f0'))).toBeNull();
    expect(account.order(ClientOrderId.of('f1'))).not.toBeNull();
    expect(account.order(ClientOrderId.of('working'))).not.toBeNull();
  });
});
