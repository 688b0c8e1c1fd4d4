import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { ClientOrderId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import type { CancelOutcome } from '@scalpstorm/venue-api';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

const order = anOrderRequest();
const refused: CancelOutcome = { kind: 'rejected', code: 'ORDER_REJECTED', text: 'no', retryable: false };
const lost: CancelOutcome = { kind: 'unknown', code: 'TIMEOUT', text: 'no answer' };

/** An order at rest whose cancels the venue answers one by one, when the test says so. */
async function resting() {
  const parts = new ExecutionParts();
  await parts.rest(order);
  const answers: ReturnType<typeof held<CancelOutcome>>[] = [];
  parts.venue.onCancel = () => {
    const answer = held<CancelOutcome>();
    answers.push(answer);
    return answer.promise;
  };
  const ask = async () => {
    await parts.cancelRequested.handle(parts.cancellation(order));
    const asked = parts.venue.canceled.length;
    await settled(() => parts.venue.canceled.length > asked);
  };
  const answer = async (index: number, outcome: CancelOutcome) => {
    answers[index]?.keep(outcome);
    await settled();
  };
  const canceled: CancelOutcome = { kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) };
  const canceledByHand = async () => {
    const view = parts.venue.view(order, { status: 'canceled' });
    const report = { kind: 'canceled', order: view, reason: null, occurredAt: parts.clock.now() } as const;
    parts.venueReport.listenerFor(order.accountId).onOrderReport(report);
    await settled(() => parts.stored(order).status === 'canceled');
  };
  return { parts, ask, answer, canceled, canceledByHand };
}

it('a cancel leaves once, however many ask while it is on its way, and again when it came to nothing', async () => {
  const { parts, ask, answer, canceled } = await resting();
  await ask();
  await ask();
  await ask();
  expect(parts.venue.canceled).toHaveLength(1);
  await answer(0, lost);
  await ask();
  expect(parts.venue.canceled).toHaveLength(2);
  await answer(1, canceled);
  expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
});

describe('a cancel that the venue refuses for good', () => {
  it('leaves no reason behind: who cancels by hand later is not taken for us', async () => {
    const { parts, ask, answer, canceledByHand } = await resting();
    await ask();
    await answer(0, refused);
    expect(parts.stored(order)).toMatchObject({ status: 'accepted', cancelReason: null });
    await canceledByHand();
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: null });
    const told = parts.ledger.storage.commits.flatMap(({ events }) => events);
    expect(told.map(({ event, order: { cancelReason } }) => `${event.kind}: ${cancelReason}`).slice(-3)).toEqual([
      'cancel-requested: stop',
      'cancel-rejected: null',
      'canceled: null',
    ]);
  });

  it('takes no reason from another that is under way', async () => {
    const { parts, ask, answer, canceled } = await resting();
    await ask();
    // Somebody amended it at the venue meanwhile, and it is canceled under the id that it has there.
    void parts.cancelOrder.cancel(parts.stored(order), null, ClientOrderId.of('amended'));
    await settled(() => parts.venue.canceled.length === 2);
    await answer(0, refused);
    expect(parts.stored(order)).toMatchObject({ status: 'pending-cancel', cancelReason: 'stop' });
    await answer(1, canceled);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
  });

  it('is believed by all who asked while it was on its way', async () => {
    const { parts, ask, answer } = await resting();
    await ask();
    await ask();
    await answer(0, refused);
    expect(parts.stored(order)).toMatchObject({ status: 'accepted', cancelReason: null });
  });

  it('takes no reason from another that is being committed', async () => {
    const { parts, ask, answer, canceled } = await resting();
    await ask();
    const commit = held<void>();
    parts.ledger.storage.beforeCommit = () => commit.promise;
    const second = ask();
    await settled();
    await answer(0, refused);
    commit.keep();
    await second;
    await settled(() => parts.venue.canceled.length === 2);
    expect(parts.stored(order)).toMatchObject({ status: 'pending-cancel', cancelReason: 'stop' });
    await answer(1, canceled);
    expect(parts.stored(order)).toMatchObject({ status: 'canceled', cancelReason: 'stop' });
  });

  it('takes no reason from another whose answer was lost, until that one can not work any more', async () => {
    const { parts, ask, answer } = await resting();
    await ask();
    await answer(0, lost);
    await ask();
    await answer(1, refused);
    expect(parts.stored(order)).toMatchObject({ status: 'pending-cancel', cancelReason: 'stop' });
    // The order is looked up, is still open, and is canceled again.
    parts.clock.advance(11 * second);
    const round = parts.resolveUnknown.round();
    await settled(() => parts.venue.canceled.length === 3);
    await answer(2, refused);
    await round;
    expect(parts.stored(order)).toMatchObject({ status: 'accepted', cancelReason: null });
  });
});
