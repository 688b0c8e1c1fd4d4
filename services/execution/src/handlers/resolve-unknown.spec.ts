import { describe, expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type OrderRequest } from '@scalpstorm/model';
import { anAccount, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';
import { FakeVenue } from '../../test/fake-venue.js';

const opening = anOrderRequest();
const closing = anOrderRequest({ side: 'sell', purpose: 'close' });
const requestLife = 5 * second;
/** As the fake venues have it. */
const readLag = 5 * second;

/** An order whose answer was lost. */
async function inDoubt(order: OrderRequest): Promise<ExecutionParts> {
  const parts = new ExecutionParts();
  parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
  await parts.approve(order);
  await settled(() => parts.stored(order).status === 'unknown');
  return parts;
}

async function rounds(parts: ExecutionParts, seconds: number): Promise<void> {
  for (let quarter = 0; quarter < 4 * seconds; quarter += 1) {
    parts.clock.advance(second / 4);
    await parts.resolveUnknown.round();
    await settled();
  }
}

describe('an order whose fate is not known', () => {
  it('waits while a not-found answer proves nothing', async () => {
    const parts = await inDoubt(opening);
    await rounds(parts, 10);
    expect(parts.venue.looked.length).toBeGreaterThan(0);
    expect(parts.stored().status).toBe('unknown');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('is given up when it is an opening one, proved absent after its expiry', async () => {
    const parts = await inDoubt(opening);
    await rounds(parts, 11);
    expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'NOT_FOUND_AFTER_EXPIRY' } });
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('is asked for at the moment of proof, however long the back-off has become', async () => {
    const parts = await inDoubt(opening);
    parts.clock.advance(requestLife + readLag - second / 10);
    await parts.resolveUnknown.round();
    parts.clock.advance(second / 2);
    await parts.resolveUnknown.round();
    expect(parts.stored().status).toBe('expired');
  });

  it('is sent again under the same id, with a new mark, when it is a closing one', async () => {
    const parts = await inDoubt(closing);
    const marks: unknown[] = [];
    parts.venue.onPlace = (request) => {
      marks.push(parts.ledger.storage.orders.get(request.clientOrderId)?.tracked);
      return parts.venue.accept(request);
    };
    await rounds(parts, 11);
    expect(parts.venue.placed.map(({ request }) => request.clientOrderId)).toEqual([
      closing.clientOrderId,
      closing.clientOrderId,
    ]);
    expect(marks).toEqual([
      expect.objectContaining({ attempt: 2, order: expect.objectContaining({ status: 'sending' }) }),
    ]);
    expect(parts.venue.placed[1]?.options.expiresAt).toBeGreaterThan(parts.venue.placed[0]?.options.expiresAt ?? 0);
    expect(parts.stored(closing).status).toBe('accepted');
  });

  it('is given up after so many tries even when it is a closing one', async () => {
    const parts = await inDoubt(closing);
    await rounds(parts, 90);
    expect(parts.venue.placed).toHaveLength(5);
    expect(parts.stored(closing).status).toBe('expired');
  });

  it('is not sent again when it was to be canceled', async () => {
    const parts = await inDoubt(closing);
    await parts.cancelRequested.handle(parts.cancellation(closing));
    await rounds(parts, 14);
    expect(parts.venue.placed).toHaveLength(1);
    expect(parts.stored(closing)).toMatchObject({ status: 'expired', reason: { code: 'NOT_FOUND_AFTER_EXPIRY' } });
  });

  it('is adopted with its fills when the venue has it', async () => {
    const parts = await inDoubt(opening);
    parts.venue.accept(opening, { status: 'filled', filledQuantity: opening.quantity });
    parts.venue.fills = [parts.fillOf(opening, '3')];
    await rounds(parts, 1);
    expect(parts.stored()).toMatchObject({ status: 'filled', filledQuantity: opening.quantity });
    expect(parts.ledger.bookedTrades).toEqual(['3']);
  });

  it('that arrives late, after a first not-found, is adopted and not doubled', async () => {
    const parts = await inDoubt(closing);
    await rounds(parts, 2);
    parts.venue.accept(closing);
    await rounds(parts, 6);
    expect(parts.stored(closing).status).toBe('accepted');
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('is canceled as soon as it is found when that was asked for', async () => {
    const parts = await inDoubt(opening);
    await parts.cancelRequested.handle(parts.cancellation());
    parts.venue.accept(opening);
    parts.venue.onCancel = () => ({ kind: 'canceled', order: parts.venue.view(opening, { status: 'canceled' }) });
    await rounds(parts, 4);
    expect(parts.stored().status).toBe('canceled');
  });

  it('stays unknown while the venue can not be asked', async () => {
    const parts = await inDoubt(opening);
    parts.venue.reachable = false;
    await rounds(parts, 30);
    expect(parts.stored().status).toBe('unknown');
    parts.venue.reachable = true;
    await rounds(parts, 12);
    expect(parts.stored().status).toBe('expired');
  });

  it('is not doubled when it was taken just before its expiry and the answers lie behind', async () => {
    const parts = await inDoubt(closing);
    // Taken at once; for the whole lag after the expiry the venue's copies do not show it.
    const readableFrom = parts.clock.now() + requestLife + readLag - second / 10;
    parts.venue.accept(closing);
    const lookup = parts.venue.lookup.bind(parts.venue);
    parts.venue.lookup = async (...asked) => (parts.clock.now() < readableFrom ? 'not-found' : lookup(...asked));
    await rounds(parts, 20);
    expect(parts.venue.placed).toHaveLength(1);
    expect(parts.stored(closing).status).toBe('accepted');
  });
});

describe('an order in doubt at one account', () => {
  it('is settled while the venue of another account does not answer', async () => {
    const far = AccountId.of('far');
    const silent = new FakeVenue(() => Timestamp.fromMicros(0));
    const others = [{ account: anAccount({ id: far }), venue: silent }];
    const parts = new ExecutionParts({ others });
    parts.states.concluded(far, null, 0);
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.approve(opening);
    await settled(() => parts.stored().status === 'unknown' && !parts.placeOrder.isInFlight(opening.clientOrderId));
    const [near] = parts.ledger.working();
    if (near === undefined) throw new Error('nothing works');
    const request = { ...near.order.request, accountId: far, clientOrderId: ClientOrderId.of('far1') };
    const working = parts.ledger.working.bind(parts.ledger);
    parts.ledger.working = (id) => (id === far ? [{ ...near, order: { ...near.order, request } }] : working(id));
    let asked = 0;
    silent.serverTime = () => {
      asked += 1;
      return new Promise(() => undefined);
    };
    void parts.resolveUnknown.round();
    await settled();
    parts.venue.accept(opening);
    parts.clock.advance(second);
    void parts.resolveUnknown.round();
    await settled(() => parts.stored().status === 'accepted');
    expect(parts.stored().status).toBe('accepted');
    // One round at a time of the account whose venue is silent.
    expect(asked).toBe(1);
  });
});

describe('a cancel that is not confirmed', () => {
  /** It rests, was canceled just now, and the venue does not find it. */
  async function unconfirmed() {
    const parts = new ExecutionParts();
    await parts.rest(opening);
    parts.clock.advance(60 * second);
    await parts.cancelRequested.handle(parts.cancellation());
    return parts;
  }

  it('ends no order by one not-found, nor by an answer that may be older than the last word of the venue', async () => {
    const parts = await unconfirmed();
    const hidden = parts.venue.orders.get(opening.clientOrderId);
    parts.venue.orders.clear();
    await rounds(parts, 5);
    expect(parts.venue.looked.length).toBeGreaterThan(0);
    expect(parts.stored().status).toBe('pending-cancel');
    // The first answer after the lag is a not-found, the second is not.
    parts.clock.advance(10 * second);
    await parts.resolveUnknown.round();
    await settled();
    expect(parts.stored().status).toBe('pending-cancel');
    if (hidden) parts.venue.orders.set(opening.clientOrderId, { ...hidden, status: 'canceled' });
    await rounds(parts, 11);
    expect(parts.stored()).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_CANCELED' } });
  });

  it('ends no order by a not-found from before the last word of the venue and one after it', async () => {
    const parts = await unconfirmed();
    parts.venue.orders.clear();
    parts.clock.advance(10 * second);
    await parts.resolveUnknown.round();
    const quietFor = parts.ledger.quietFor.bind(parts.ledger);
    parts.ledger.quietFor = () => 0;
    await rounds(parts, 3);
    parts.ledger.quietFor = quietFor;
    parts.clock.advance(10 * second);
    await parts.resolveUnknown.round();
    expect(parts.stored().status).toBe('pending-cancel');
    parts.clock.advance(10 * second);
    await parts.resolveUnknown.round();
    expect(parts.stored()).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
  });

  it('ends an order that two answers after the lag do not find', async () => {
    const parts = await unconfirmed();
    parts.venue.orders.clear();
    await rounds(parts, 20);
    expect(parts.stored()).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
  });
});
