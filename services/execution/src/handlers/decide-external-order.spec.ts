import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ExternalDecision } from '@scalpstorm/contracts';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, Price, Quantity, UserId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import { ExecutionParts, settled } from '../../test/execution-parts.js';
import { MemoryExternalOrders } from '../../test/memory-external-orders.js';
import { externalIdOf } from '../domain/external-id.js';
import { DecideExternalOrder } from './decide-external-order.js';

const account = AccountId.of('demo');
const by = UserId.of('usr_by_hand');
const order = anOrderRequest({ clientOrderId: ClientOrderId.of('remembered') });
/** As a venue's own page names what is placed there. */
const webId = 'web_7f3a9c0e5b6d4a1f9e';

describe('an order that somebody placed at the venue', () => {
  let parts: ExecutionParts;
  let orders: MemoryExternalOrders;
  let decisions: DecideExternalOrder;
  let view: VenueOrderView;

  beforeEach(async () => {
    parts = new ExecutionParts();
    orders = new MemoryExternalOrders();
    const { ledger, venues, reconcile, clock, log, compareOrders } = parts;
    decisions = new DecideExternalOrder(orders, ledger, venues, reconcile, clock, log, compareOrders);
    await parts.rest(order);
    view = parts.venue.view(anOrderRequest(), { clientOrderId: webId });
    parts.venue.orders.set(webId, view);
    parts.clock.advance(10 * second);
    await parts.reconcile.run(account, 'timer');
  });

  const listed = async () => (await orders.list([account], { before: null, limit: 10 }))[0];
  const decide = async (kind: ExternalDecision) => {
    const row = await listed();
    if (row === undefined) throw new Error('it is not listed');
    return decisions.decide(row, { kind, by });
  };
  const stored = () => parts.stored(anOrderRequest({ clientOrderId: externalIdOf(view) }));

  it('is listed and left alone, until a person decides', async () => {
    expect(await listed()).toMatchObject({ clientOrderId: webId, working: true, decision: null });
    expect(parts.ledger.working(account)).toHaveLength(1);
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('is taken into the books on request, with who and when, and is nobody’s bot’s', async () => {
    expect(await decide('adopt')).toBeNull();
    expect(stored()).toMatchObject({ status: 'accepted', venueOrderId: view.venueOrderId });
    expect(stored().request).toMatchObject({ userId: by, botId: null, quantity: view.quantity, price: view.price });
    expect(await listed()).toMatchObject({ decision: { kind: 'adopt', by, at: parts.clock.now() } });
  });

  it('is no difference any more when it was taken in, and its account goes on opening', async () => {
    await decide('adopt');
    await parts.reconcile.settled(account);
    parts.clock.advance(10 * second);
    expect(await parts.reconcile.run(account, 'timer')).toEqual([]);
    expect(parts.states.of(account).kind).toBe('trading');
    expect(await listed()).toMatchObject({ working: false });
  });

  it('has its fills and its end booked after it was taken in', async () => {
    await decide('adopt');
    await parts.reconcile.settled(account);
    const stream = parts.venueReport.listenerFor(account);
    const fill = { ...parts.fillOf(anOrderRequest(), '7', { quantity: view.quantity }), clientOrderId: null };
    const filled = { ...view, status: 'filled' as const, filledQuantity: view.quantity };
    parts.venue.orders.set(webId, filled);
    stream.onFill({ ...fill, venueOrderId: view.venueOrderId }, filled);
    await settled(() => stored().status === 'filled');
    expect(stored()).toMatchObject({ status: 'filled', filledQuantity: view.quantity });
  });

  it('is taken in once, however often it is asked', async () => {
    await decide('adopt');
    expect(await decide('adopt')).toBeNull();
    expect(parts.ledger.working(account)).toHaveLength(2);
    expect(await decide('cancel')).toMatchObject({ code: 'EXTERNAL_ORDER_DECIDED' });
  });

  it('is canceled at the venue on request', async () => {
    expect(await decide('cancel')).toBeNull();
    expect(parts.venue.canceled).toEqual([webId]);
    expect(await listed()).toMatchObject({
      decision: { kind: 'cancel', by },
      outcome: expect.stringContaining('cancel'),
    });
  });

  it('that is ignored stays, and can be decided on later', async () => {
    expect(await decide('ignore')).toBeNull();
    expect(parts.venue.canceled).toEqual([]);
    expect(await listed()).toMatchObject({ decision: { kind: 'ignore', by } });
    expect(await decide('adopt')).toBeNull();
  });

  it('that was filled before is not taken in: the balances have its fills already', async () => {
    parts.venue.orders.set(webId, { ...view, status: 'partially-filled', filledQuantity: Quantity.of('0.001') });
    expect(await decide('adopt')).toMatchObject({ code: 'EXTERNAL_ORDER_NOT_ADOPTABLE' });
    expect(await listed()).toMatchObject({ decision: null });
  });

  it('that waits for a trigger is not taken in: it would be booked as one that rests', async () => {
    const trigger = { kind: 'stop', price: Price.of('49000'), source: 'last' } as const;
    parts.venue.orders.set(webId, { ...view, trigger });
    expect(await decide('adopt')).toMatchObject({ code: 'EXTERNAL_ORDER_NOT_ADOPTABLE' });
    expect(await decide('cancel')).toBeNull();
  });

  it('that is over is told so', async () => {
    parts.venue.orders.set(webId, { ...view, status: 'canceled' });
    for (const kind of ['adopt', 'cancel'] as const)
      expect(await decide(kind)).toMatchObject({ code: 'EXTERNAL_ORDER_GONE' });
  });
});
