import { describe, expect, it } from '@jest/globals';
import { type OrderRequest, Price, type Trigger } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';

const trigger: Trigger = { kind: 'stop', price: Price.of('40000'), source: 'last' };
const waiting = anOrderRequest({ type: 'market', price: null, side: 'sell', trigger });

/** A venue that holds triggers by the last trade. */
function holding(): ExecutionParts {
  const parts = new ExecutionParts();
  parts.venue.lackOf = ({ trigger: wanted }: OrderRequest) =>
    wanted === undefined || wanted.source === 'last' ? null : 'trigger-source';
  return parts;
}

describe('an order that waits', () => {
  it('goes to a venue that holds it with its trigger, and is told when it is in the book there', async () => {
    const parts = holding();
    await parts.rest(waiting);
    expect(parts.venue.placed.map(({ request }) => request.trigger)).toEqual([trigger]);
    const order = parts.venue.view(waiting, { trigger, triggered: true });
    const occurredAt = parts.clock.now();
    const listener = parts.venueReport.listenerFor(waiting.accountId);
    listener.onOrderReport({ kind: 'triggered', order, reason: null, occurredAt });
    await settled(() => parts.stored(waiting).status === 'triggered');
    // The venue says so twice.
    listener.onOrderReport({ kind: 'triggered', order, reason: null, occurredAt });
    await settled();
    expect(parts.stored(waiting)).toMatchObject({ status: 'triggered', version: 3, request: { trigger } });
    expect(parts.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('is found to be in the book by a comparison too', async () => {
    const parts = holding();
    await parts.rest(waiting);
    parts.venue.accept(waiting, { trigger, triggered: true });
    await parts.reconcile.run(waiting.accountId, 'timer');
    expect(parts.stored(waiting).status).toBe('triggered');
    await parts.reconcile.run(waiting.accountId, 'timer');
    expect(parts.stored(waiting).version).toBe(3);
  });

  it('is canceled at the venue, triggered or not', async () => {
    for (const triggered of [false, true]) {
      const parts = holding();
      parts.venue.onPlace = (request) => parts.venue.accept(request, { trigger, triggered });
      parts.venue.onCancel = () => ({
        kind: 'canceled',
        order: parts.venue.view(waiting, { trigger, triggered, status: 'canceled' }),
      });
      await parts.approve(waiting);
      // The answer is on its way, and the cancel comes.
      await parts.cancelRequested.handle(parts.cancellation(waiting));
      await settled(() => parts.stored(waiting).status === 'canceled');
      expect(parts.stored(waiting)).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
      expect(parts.venue.canceled).toHaveLength(1);
    }
  });

  it('that nobody holds is denied, and nothing leaves', async () => {
    const parts = holding();
    parts.venue.lackOf = () => 'iceberg';
    await parts.approve(waiting);
    expect(parts.stored(waiting)).toMatchObject({ status: 'denied', reason: { code: 'NOT_HELD_BY_VENUE' } });
    expect(parts.venue.placed).toEqual([]);
  });
});
