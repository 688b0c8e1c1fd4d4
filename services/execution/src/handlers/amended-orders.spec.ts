import { beforeEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, InstrumentId, Quantity } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import { ExecutionParts, settled } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const remembered = anOrderRequest({ clientOrderId: ClientOrderId.of('remembered') });
const half = Quantity.fromUnits(order.quantity / 2n);
/** As the venue makes one up for whoever gives none. */
const amendedId = 'x-R4nd0mN4meOfTheVenue';

let parts: ExecutionParts;

/** What the venue has of our order after somebody halved it there. */
function atVenue(changes: Partial<VenueOrderView> = {}): VenueOrderView {
  const view = parts.venue.view(order, { clientOrderId: amendedId, quantity: half, ...changes });
  parts.venue.orders.delete(order.clientOrderId);
  parts.venue.orders.set(amendedId, view);
  return view;
}

const found = async () => (await parts.reconcile.run(account, 'timer')).filter(({ kind }) => kind === 'order');

async function rounds(seconds: number): Promise<void> {
  for (let quarters = 0; quarters < 4 * seconds; quarters += 1) {
    parts.clock.advance(second / 4);
    await parts.resolveUnknown.round();
    await settled();
  }
}

describe('an order that somebody amended at the venue, which gave it another client id', () => {
  beforeEach(async () => {
    parts = new ExecutionParts();
    await parts.rest(remembered);
    await parts.rest(order);
    parts.clock.advance(10 * second);
  });

  it('is still ours while it works there: it is shown, nothing is opened, and it is not ended as not found', async () => {
    atVenue();
    expect(await found()).toMatchObject([
      { theirs: expect.stringContaining(amendedId), decision: expect.stringContaining('QUANTITY_DIFFERS') },
    ]);
    expect(parts.stored(order).status).toBe('accepted');
    expect(parts.states.of(account)).toMatchObject({ kind: 'close-only', code: 'QUANTITY_DIFFERS' });
    expect(parts.venue.canceled).toEqual([]);
  });

  it('is still ours when the list of open orders lies behind', async () => {
    atVenue();
    parts.venue.openOrders = async () => [];
    expect(await found()).toMatchObject([{ repaired: false, decision: expect.stringContaining('QUANTITY_DIFFERS') }]);
    expect(parts.stored(order).status).toBe('accepted');
  });

  it('gets its fills and its end from the stream', async () => {
    const stream = parts.venueReport.listenerFor(account);
    const view = atVenue({ status: 'partially-filled', filledQuantity: Quantity.of('0.001') });
    const fill = { ...parts.fillOf(order, '1', { quantity: Quantity.of('0.001') }), clientOrderId: null };
    stream.onFill(fill, view);
    await settled();
    expect(parts.stored(order)).toMatchObject({ status: 'partially-filled', filledQuantity: view.filledQuantity });
    const end: VenueOrderView = { ...view, status: 'canceled' };
    stream.onOrderReport({ kind: 'canceled', order: end, reason: null, occurredAt: parts.clock.now() });
    await settled();
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: null });
  });

  it('ends with its fills when it was filled while nobody heard', async () => {
    atVenue({ status: 'filled', filledQuantity: half });
    parts.venue.fills = [{ ...parts.fillOf(order, '1', { quantity: half }), clientOrderId: null }];
    await found();
    expect(await found()).toEqual([]);
    expect(parts.stored(order)).toMatchObject({
      status: 'canceled',
      filledQuantity: half,
      reason: { code: 'VENUE_AMENDED' },
    });
    expect(parts.states.of(account).kind).toBe('trading');
  });

  it('is canceled under the id that the venue has, when its bot wants it canceled', async () => {
    const live = atVenue();
    parts.venue.onCancel = ({ clientOrderId }) => {
      if (clientOrderId !== amendedId) return { kind: 'not-found' };
      return { kind: 'canceled', order: atVenue({ ...live, status: 'canceled' }) };
    };
    await parts.cancelRequested.handle(parts.cancellation(order));
    await rounds(10);
    expect(parts.venue.canceled).toEqual([order.clientOrderId, amendedId]);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
  });

  it('is canceled there under that id when it is over here', async () => {
    parts.venueReport.listenerFor(account).onOrderReport({
      kind: 'canceled',
      order: parts.venue.view(order, { status: 'canceled' }),
      reason: null,
      occurredAt: parts.clock.now(),
    });
    await settled(() => parts.stored(order).status === 'canceled');
    atVenue();
    parts.clock.advance(10 * second);
    expect(await found()).toMatchObject([{ decision: expect.stringContaining('ALIVE_AT_VENUE') }]);
    expect(parts.venue.canceled).toEqual([amendedId]);
  });

  it('is not taken for another one whose number at the venue is the same', async () => {
    atVenue({ instrumentId: InstrumentId.of('sim', 'ETH-USDT') });
    const told = await found();
    expect(told).toContainEqual(expect.objectContaining({ decision: 'not an order of ours; left alone' }));
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
    expect(parts.venue.canceled).toEqual([]);
  });
});
