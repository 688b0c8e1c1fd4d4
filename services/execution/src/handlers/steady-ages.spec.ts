import { beforeEach, describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, settled } from '../../test/execution-parts.js';

const account = AccountId.of('demo');
const order = anOrderRequest();

/** A venue whose answers lie behind: it works the order, and shows it to nobody yet. */
describe('while the wall clock is put forward by more than a venue’s answers may lie behind', () => {
  let elapsed: number;
  let parts: ExecutionParts;

  beforeEach(async () => {
    elapsed = 0;
    parts = new ExecutionParts({ steady: () => elapsed });
    await parts.rest(order);
    // A venue that knew none of our orders would have forgotten all.
    await parts.rest(anOrderRequest({ clientOrderId: ClientOrderId.of('known') }));
    parts.venue.orders.delete(order.clientOrderId);
    parts.clock.advance(60 * second);
  });

  const compare = (of: ExecutionParts = parts) => of.reconcile.run(account, 'timer');

  it('a comparison does not end an order that is young', async () => {
    elapsed = 4 * second;
    expect(await compare()).toEqual([]);
    expect(parts.stored(order).status).toBe('accepted');
    elapsed = 6 * second;
    expect(await compare()).toMatchObject([{ decision: 'closed as canceled' }]);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
  });

  it('nor do two look-ups end one whose cancel was not answered', async () => {
    parts.venue.onCancel = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.cancelRequested.handle(parts.cancellation(order));
    const look = async (times: number) => {
      for (let round = 0; round < times; round += 1) {
        parts.clock.advance(20 * second);
        await parts.resolveUnknown.round();
        await settled();
      }
    };
    await look(4);
    expect(parts.stored(order).status).toBe('pending-cancel');
    elapsed += 6 * second;
    await look(2);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', reason: { code: 'VENUE_NOT_FOUND' } });
  });

  it('and a process that was started just now knows nothing of how long it is', async () => {
    const next = new ExecutionParts({ storage: parts.ledger.storage, clock: parts.clock, steady: () => elapsed });
    await next.ledger.open();
    for (const [id, view] of parts.venue.orders) next.venue.orders.set(id, view);
    expect(await compare(next)).toEqual([]);
    expect(next.stored(order).status).toBe('accepted');
    elapsed += 6 * second;
    expect(await compare(next)).toMatchObject([{ decision: 'closed as canceled' }]);
  });
});
