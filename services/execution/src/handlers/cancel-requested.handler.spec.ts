import { describe, expect, it } from '@jest/globals';
import { second } from '@scalpstorm/kernel';
import { AccountId, ClientOrderId } from '@scalpstorm/model';
import { anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';

const order = anOrderRequest();

/** The venue holds its answer back until the test lets it go. */
function withHeldAnswer() {
  const parts = new ExecutionParts();
  const answer = held<void>();
  parts.venue.onPlace = async (request) => {
    await answer.promise;
    return parts.venue.accept(request);
  };
  parts.venue.onCancel = () => ({ kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) });
  return { parts, answer };
}

describe('a cancel', () => {
  it('leaves after its reason is committed', async () => {
    const { parts, answer } = withHeldAnswer();
    answer.keep();
    await parts.rest();
    const seen: unknown[] = [];
    parts.venue.onCancel = () => {
      seen.push(parts.stored().status, parts.stored().cancelReason);
      return { kind: 'canceled', order: parts.venue.view(order, { status: 'canceled' }) };
    };
    expect(await parts.cancelRequested.handle(parts.cancellation())).toEqual({ kind: 'done' });
    await settled(() => parts.stored().status === 'canceled');
    expect(seen).toEqual(['pending-cancel', 'stop']);
    expect(parts.stored().status).toBe('canceled');
  });

  it('that comes before its order ends the order when the approval comes; nothing is sent, and everybody hears why', async () => {
    const parts = new ExecutionParts();
    expect(await parts.cancelRequested.handle(parts.cancellation())).toEqual({ kind: 'done' });
    await parts.approve();
    await settled();
    expect(parts.venue.placed).toEqual([]);
    expect(parts.stored()).toMatchObject({
      status: 'canceled',
      cancelReason: 'stop',
      reason: { code: 'CANCELED_BEFORE_SENT' },
    });
    const told = parts.ledger.storage.commits.flatMap(({ events }) => events);
    expect(told.map(({ event, order: { status } }) => `${event.kind}: ${status}`)).toEqual([
      'cancel-requested: pending-cancel',
      'canceled: canceled',
    ]);
  });

  it('that comes before its order is remembered by the next process, once', async () => {
    const before = new ExecutionParts();
    await before.cancelRequested.handle(before.cancellation());
    await before.cancelRequested.handle(before.cancellation());
    expect(before.ledger.storage.commits).toHaveLength(1);
    const after = new ExecutionParts({ storage: before.ledger.storage });
    await after.ledger.open();
    await after.approve();
    await settled();
    expect(after.venue.placed).toEqual([]);
    expect(after.ledger.storage.cancels.size).toBe(0);
  });

  it('that came a day before its order does not touch it', async () => {
    const parts = new ExecutionParts();
    await parts.cancelRequested.handle(parts.cancellation());
    parts.clock.advance(25 * 3_600 * second);
    await parts.rest();
    expect(parts.venue.placed).toHaveLength(1);
  });

  it('for an account of another process is kept as a dead letter', async () => {
    const parts = new ExecutionParts();
    const foreign = { ...parts.cancellation(), accountId: AccountId.of('elsewhere') };
    expect((await parts.cancelRequested.handle(foreign)).kind).toBe('poison');
  });

  it('while the answer is awaited leaves after the answer', async () => {
    const { parts, answer } = withHeldAnswer();
    await parts.approve();
    await parts.cancelRequested.handle(parts.cancellation());
    await settled();
    expect(parts.venue.canceled).toEqual([]);
    answer.keep();
    await settled(() => parts.stored().status === 'canceled');
    expect(parts.venue.canceled).toEqual([order.clientOrderId]);
  });

  it('that is committed together with the answer leaves too', async () => {
    const { parts, answer } = withHeldAnswer();
    await parts.approve();
    const commit = held<void>();
    parts.ledger.storage.beforeCommit = () => commit.promise;
    // While another order is being committed, the answer and then the cancel queue up for the next commit.
    const other = anOrderRequest({ clientOrderId: ClientOrderId.of('another') });
    const admitting = parts.approve(other);
    await settled();
    answer.keep();
    await settled();
    const canceling = parts.cancelRequested.handle(parts.cancellation());
    await settled();
    commit.keep();
    await Promise.all([admitting, canceling]);
    await settled(() => parts.stored().status === 'canceled');
    expect(parts.venue.canceled).toEqual([order.clientOrderId]);
    expect(parts.stored().status).toBe('canceled');
  });

  it('of an order that is over sends nothing', async () => {
    const { parts, answer } = withHeldAnswer();
    answer.keep();
    await parts.rest();
    await parts.cancelRequested.handle(parts.cancellation());
    await settled(() => parts.stored().status === 'canceled');
    expect(await parts.cancelRequested.handle(parts.cancellation())).toEqual({ kind: 'done' });
    await settled();
    expect(parts.venue.canceled).toHaveLength(1);
  });

  it('that the venue can not confirm leaves the order in doubt, not canceled', async () => {
    const { parts, answer } = withHeldAnswer();
    answer.keep();
    await parts.rest();
    parts.venue.onCancel = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.cancelRequested.handle(parts.cancellation());
    await settled();
    expect(parts.stored().status).toBe('pending-cancel');
  });

  it.each([
    ['not-found', 'info'],
    ['unknown', 'warn'],
  ] as const)('that is answered %s is told as %s: the first is an everyday race', async (kind, level) => {
    const { parts, answer } = withHeldAnswer();
    answer.keep();
    await parts.rest();
    parts.venue.onCancel = () => (kind === 'unknown' ? { kind, code: 'TIMEOUT', text: 'no answer' } : { kind });
    await parts.cancelRequested.handle(parts.cancellation());
    await settled();
    const told = parts.log.lines.filter(({ text }) => text.startsWith('the cancel was not confirmed'));
    expect(told.map((line) => line.level)).toEqual([level]);
  });

  it('that the venue refuses gives the order back its state', async () => {
    const { parts, answer } = withHeldAnswer();
    answer.keep();
    await parts.rest();
    parts.venue.onCancel = () => ({ kind: 'rejected', code: 'ORDER_REJECTED', text: 'no', retryable: false });
    await parts.cancelRequested.handle(parts.cancellation());
    await settled(() => parts.stored().status === 'accepted');
    expect(parts.stored()).toMatchObject({ status: 'accepted', cancelReason: null });
  });
});
