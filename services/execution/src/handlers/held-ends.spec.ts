import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId, type Fill, Price, Quantity } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import fc from 'fast-check';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const order = anOrderRequest();
const remembered = anOrderRequest({ clientOrderId: ClientOrderId.of('remembered') });
const quarter = Quantity.fromUnits(order.quantity / 4n);
const half = Quantity.fromUnits(order.quantity / 2n);
const price = Price.of('50000');

const story = ({ ledger }: ExecutionParts): readonly string[] =>
  ledger.storage.commits
    .flatMap(({ events }) => events)
    .map(
      ({ event, order: { status, filledQuantity } }) => `${event.kind}: ${status} ${Quantity.format(filledQuantity)}`,
    );

/** An order rests, and is half filled and canceled at its venue; nobody has told us yet. */
async function halfFilled() {
  const parts = new ExecutionParts();
  await parts.rest(order);
  const fills = ['1', '2'].map((id) => parts.fillOf(order, id, { quantity: quarter, price }));
  const end = parts.venue.view(order, { status: 'canceled', filledQuantity: half });
  parts.venue.orders.set(order.clientOrderId, end);
  let asked = 0;
  const { fillsSince } = parts.venue;
  parts.venue.fillsSince = (...query) => {
    asked += 1;
    return fillsSince.call(parts.venue, ...query);
  };
  return { parts, fills, end, asked: () => asked, ...mouthOf(parts) };
}

/** The user stream of the venue, and its answer to a cancel. */
function mouthOf(parts: ExecutionParts) {
  const stream = parts.venueReport.listenerFor(account);
  return {
    tellEnd: async (view: VenueOrderView) => {
      stream.onOrderReport({ kind: 'canceled', order: view, reason: null, occurredAt: parts.clock.now() });
      await settled();
    },
    tellFill: async (fill: Fill, filledQuantity: Quantity) => {
      stream.onFill(fill, parts.venue.view(order, { status: 'partially-filled', filledQuantity }));
      await settled();
    },
    cancel: async (answer: VenueOrderView) => {
      parts.venue.onCancel = () => ({ kind: 'canceled', order: answer });
      await parts.cancelRequested.handle(parts.cancellation(order));
      await settled();
    },
  };
}

async function rounds(parts: ExecutionParts, seconds: number): Promise<void> {
  for (let quarters = 0; quarters < 4 * seconds; quarters += 1) {
    parts.clock.advance(second / 4);
    await parts.resolveUnknown.round();
    await settled();
  }
}

describe('an end that the venue tells before its fills', () => {
  it('waits for them when an answer to our cancel tells it: they are asked for at once', async () => {
    const { parts, fills, end, asked, cancel } = await halfFilled();
    parts.venue.fills = fills;
    await cancel(end);
    expect(story(parts).slice(2)).toEqual([
      'cancel-requested: pending-cancel 0',
      'end-held: pending-cancel 0',
      'filled: pending-cancel 0.0025',
      'filled: pending-cancel 0.005',
      'canceled: canceled 0.005',
    ]);
    expect(parts.stored(order)).toMatchObject({ cancelReason: 'stop', reason: { code: 'VENUE_CANCELED' } });
    expect(asked()).toBe(1);
  });

  it('waits for them when the stream tells it, and needs no question when the stream tells them next', async () => {
    const { parts, fills, end, tellEnd, tellFill } = await halfFilled();
    parts.venue.reachable = false;
    await tellEnd(end);
    expect(parts.stored(order)).toMatchObject({
      status: 'pending-cancel',
      cancelReason: null,
      reason: { code: 'FILLS_AWAITED', text: expect.stringContaining('counts 0.005 as filled; 0 are booked') },
    });
    for (const fill of fills) await tellFill(fill, half);
    expect(story(parts).slice(2)).toEqual([
      'end-held: pending-cancel 0',
      'filled: pending-cancel 0.0025',
      'filled: pending-cancel 0.005',
      'canceled: canceled 0.005',
    ]);
  });

  it('is told once and final only with every fill, in whatever order and how often the venue tells what happened', async () => {
    const telling = fc.shuffledSubarray([0, 0, 1, 1, 2, 2, 3], { minLength: 7 });
    await fc.assert(
      fc.asyncProperty(telling, fc.boolean(), async (told, listed) => {
        const { parts, fills, end, tellEnd, tellFill, cancel } = await halfFilled();
        if (listed) parts.venue.fills = fills;
        for (const what of told) {
          const fill = fills[what];
          if (fill !== undefined) await tellFill(fill, half);
          else await (what === 2 ? tellEnd(end) : cancel(end));
        }
        const ended = story(parts).filter((line) => line.startsWith('canceled: '));
        expect(ended).toEqual(['canceled: canceled 0.005']);
        expect(parts.ledger.storage.fills).toHaveLength(2);
      }),
      { numRuns: 60 },
    );
  });

  it('waits in the answer to a placement too', async () => {
    const parts = new ExecutionParts();
    const immediate = anOrderRequest({ timeInForce: 'IOC' });
    const fill = parts.fillOf(immediate, '1', { quantity: half, price });
    parts.venue.onPlace = (request) => parts.venue.accept(request, { status: 'expired', filledQuantity: half });
    await parts.approve(immediate);
    await settled(() => parts.stored(immediate).status === 'pending-cancel');
    parts.venue.fills = [fill];
    await rounds(parts, 1);
    expect(parts.stored(immediate)).toMatchObject({ status: 'expired', filledQuantity: half });
  });

  it('outlives the death of this process', async () => {
    const { parts, fills, end, tellEnd } = await halfFilled();
    await tellEnd(end);
    const next = new ExecutionParts({ storage: parts.ledger.storage, clock: parts.clock, recovered: false });
    await next.ledger.open();
    next.venue.orders.set(order.clientOrderId, end);
    next.venue.fills = fills;
    await next.resolveUnknown.doubt(account);
    await next.reconcile.run(account, 'start');
    expect(next.stored(order)).toMatchObject({ status: 'canceled', filledQuantity: half, cancelReason: null });
    expect(story(next).filter((line) => line.startsWith('canceled: '))).toEqual(['canceled: canceled 0.005']);
  });

  it('outlives it also when the venue lists the fills only later, and answers from an old copy first', async () => {
    const { parts, fills, end, tellEnd } = await halfFilled();
    await tellEnd(end);
    const next = new ExecutionParts({ storage: parts.ledger.storage, clock: parts.clock, recovered: false });
    await next.ledger.open();
    next.venue.accept(order);
    await next.reconcile.run(account, 'start');
    expect(next.stored(order).status).toBe('pending-cancel');
    await rounds(next, 2);
    next.venue.orders.set(order.clientOrderId, end);
    next.venue.fills = fills;
    await rounds(next, 11);
    expect(next.stored(order)).toMatchObject({ status: 'canceled', filledQuantity: half });
    expect(next.venue.canceled).toEqual([]);
  });
});

describe('while the fills of an order that is over are not to be had', () => {
  it('it stays pending with its reason, every comparison says so, and they are asked for ever more rarely', async () => {
    const { parts, fills, end, asked, tellEnd, cancel } = await halfFilled();
    await tellEnd(end);
    await rounds(parts, 60);
    expect(asked()).toBeGreaterThan(6);
    expect(asked()).toBeLessThan(14);
    // Whoever cancels it now has not ended it.
    await cancel(end);
    expect(parts.venue.canceled).toEqual([]);
    expect(parts.stored(order)).toMatchObject({ status: 'pending-cancel', cancelReason: null });
    expect(await parts.reconcile.run(account, 'timer')).toMatchObject([
      { kind: 'order', ours: expect.stringContaining('0.005 at the venue'), theirs: 'canceled', repaired: false },
    ]);
    expect(story(parts).at(-1)).toBe('end-held: pending-cancel 0');
    parts.venue.fills = fills;
    await rounds(parts, 11);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', filledQuantity: half, cancelReason: null });
    const after = await parts.reconcile.run(account, 'timer');
    expect(after.filter(({ kind }) => kind === 'order')).toEqual([]);
  });

  it('a venue that does not find it any more ends it no more than before, and nothing is opened', async () => {
    const { parts, end, tellEnd } = await halfFilled();
    await parts.rest(remembered);
    await tellEnd(end);
    const next = new ExecutionParts({ storage: parts.ledger.storage, clock: parts.clock });
    await next.ledger.open();
    next.venue.accept(remembered);
    next.clock.advance(10 * second);
    await rounds(next, 30);
    const found = await next.reconcile.run(account, 'timer');
    expect(found).toMatchObject([{ theirs: 'not found', repaired: false }]);
    expect(next.states.of(account)).toMatchObject({ kind: 'close-only', code: 'FILLS_AWAITED' });
    expect(next.stored(order).status).toBe('pending-cancel');
  });

  it('it ends although the commit of its end was under way when the last fill came', async () => {
    const { parts, fills, end, tellEnd, tellFill } = await halfFilled();
    const commit = held<void>();
    parts.ledger.storage.beforeCommit = () => commit.promise;
    await tellEnd(end);
    for (const fill of fills) await tellFill(fill, half);
    parts.ledger.storage.beforeCommit = async () => undefined;
    commit.keep();
    await settled(() => parts.stored(order).status === 'canceled');
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', filledQuantity: half });
  });

  it('that counted less than is booked by now ends nothing: the venue is asked again, and ends it', async () => {
    const { parts, fills, end, tellEnd, tellFill } = await halfFilled();
    await tellEnd({ ...end, filledQuantity: quarter });
    for (const fill of fills) await tellFill(fill, half);
    parts.venue.fills = fills;
    await rounds(parts, 5);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', filledQuantity: half });
  });
});
