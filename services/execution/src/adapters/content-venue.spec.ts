import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, type OrderRequest, VenueOrderId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { PlaceOutcome } from '@scalpstorm/venue-api';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

const accountId = AccountId.of('demo');
const opening = anOrderRequest();
const closing = anOrderRequest({ side: 'sell', purpose: 'close' });
const lost: PlaceOutcome = { kind: 'unknown', code: 'TIMEOUT', text: 'no answer' };

function nameless(): ExecutionParts {
  const parts = new ExecutionParts();
  parts.venue.keepsNoIds = true;
  return parts;
}

/** An order whose answer was lost, and which the venue has as often as it says. */
async function inDoubt(parts: ExecutionParts, order: OrderRequest, venueOrderIds: readonly string[]): Promise<void> {
  parts.venue.onPlace = (request) => {
    for (const id of venueOrderIds)
      parts.venue.orders.set(id, parts.venue.view(request, { venueOrderId: VenueOrderId.of(id) }));
    return lost;
  };
  await parts.approve(order);
  await settled(() => parts.stored(order).status === 'unknown');
}

async function rounds(parts: ExecutionParts, seconds: number): Promise<void> {
  for (let quarter = 0; quarter < 4 * seconds; quarter += 1) {
    parts.clock.advance(second / 4);
    await parts.resolveUnknown.round();
    await settled();
  }
}

describe('a venue that keeps no ids of ours', () => {
  it('an order without an answer is the one of its content, and nothing is sent again', async () => {
    const parts = nameless();
    await inDoubt(parts, closing, ['7']);
    await rounds(parts, 10);
    expect(parts.stored(closing).status).toBe('unknown');
    await rounds(parts, 2);
    expect(parts.stored(closing)).toMatchObject({ status: 'accepted', venueOrderId: '7' });
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('one that is not there after its expiry is sent again', async () => {
    const parts = nameless();
    await inDoubt(parts, closing, []);
    await rounds(parts, 11);
    expect(parts.venue.placed).toHaveLength(2);
  });

  it('one that can not be told from another stays unknown, and the account tells it and opens nothing', async () => {
    const parts = nameless();
    await inDoubt(parts, closing, ['7', '8']);
    await rounds(parts, 60);
    expect(parts.stored(closing).status).toBe('unknown');
    expect(parts.venue.placed).toHaveLength(1);
    const differences = await parts.reconcile.run(accountId, 'request');
    expect(differences).toContainEqual(
      expect.objectContaining({ theirs: 'may be any of 7, 8', decision: expect.stringMatching(/^ORDER_AMBIGUOUS: /) }),
    );
    expect(parts.states.of(accountId)).toMatchObject({ code: 'ORDER_AMBIGUOUS' });
    expect(parts.states.mayPlace(accountId, 'open')).toBe(false);
  });

  it('and is told when those that may be it are over', async () => {
    const parts = nameless();
    await inDoubt(parts, closing, ['7', '8']);
    await rounds(parts, 12);
    for (const [id, order] of parts.venue.orders) parts.venue.orders.set(id, { ...order, status: 'canceled' });
    await rounds(parts, 12);
    expect(parts.stored(closing)).toMatchObject({ status: 'canceled', venueOrderId: '7' });
    await parts.reconcile.run(accountId, 'request');
    expect(parts.states.mayPlace(accountId, 'open')).toBe(true);
  });

  it('what may be ours is nobody else’s, while its answer is awaited', async () => {
    const parts = nameless();
    const answer = held<PlaceOutcome>();
    parts.venue.onPlace = (request) => {
      parts.venue.accept(request);
      return answer.promise;
    };
    await parts.approve(opening);
    expect(await parts.reconcile.run(accountId, 'request')).toEqual([]);
    answer.keep(parts.venue.accept(opening));
    await settled(() => parts.stored().status === 'accepted');
    expect(parts.stored()).toMatchObject({ status: 'accepted', venueOrderId: `v-${opening.clientOrderId}` });
  });

  it('a fill that is told before the answer is booked with the answer', async () => {
    const parts = nameless();
    const answer = held<PlaceOutcome>();
    const listener = parts.venueReport.listenerFor(accountId);
    await parts.venuesOfHandlers.venueOf(accountId)?.open(listener);
    parts.venue.onPlace = () => answer.promise;
    await parts.approve(opening);
    const { quantity } = opening;
    const view = parts.venue.view(opening, { status: 'filled', filledQuantity: quantity });
    const fill = { ...parts.fillOf(opening, '1', { quantity }), clientOrderId: null };
    parts.venue.listener?.onFill(fill, parts.venue.told(view));
    await settled();
    expect(parts.stored().filledQuantity).toBe(0n);
    answer.keep(parts.venue.accept(opening));
    await settled(() => parts.stored().status === 'filled');
    expect(parts.stored().status).toBe('filled');
  });

  it('its orders are canceled by its own ids', async () => {
    const parts = nameless();
    const order = await parts.rest(opening);
    const asked: unknown[] = [];
    parts.venue.onCancel = (request) => {
      asked.push(request.venueOrderId);
      return { kind: 'canceled', order: parts.venue.told(parts.venue.view(opening, { status: 'canceled' })) };
    };
    await parts.cancelRequested.handle(parts.cancellation());
    await settled(() => parts.stored().status === 'canceled');
    expect([parts.stored().status, asked]).toEqual(['canceled', [order.venueOrderId]]);
  });
});

describe('a venue that keeps our ids', () => {
  it('is left as it is', () => {
    const parts = new ExecutionParts();
    expect(parts.venuesOfHandlers.venueOf(accountId)).toBe(parts.venue);
  });
});
