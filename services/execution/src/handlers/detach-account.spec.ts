import { describe, expect, it } from '@jest/globals';
import { second, type Timestamp } from '@scalpstorm/kernel';
import { AccountId } from '@scalpstorm/model';
import { anAccount, anOrderRequest } from '@scalpstorm/testkit';
import { ExecutionParts, held, settled } from '../../test/execution-parts.js';
import { FakeVenue } from '../../test/fake-venue.js';
import { AccountRefused } from '../domain/account-refusals.js';
import { AccountDetached } from '../ports/venues.js';

const accountId = AccountId.of('demo');
const closing = anOrderRequest({ side: 'sell', purpose: 'close' });

/** The error of a promise whose end nobody awaits yet. */
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

/** An account that has traded, and whose next comparison waits for the venue's time. */
function comparing() {
  const parts = new ExecutionParts();
  const time = held<Timestamp>();
  parts.venue.serverTime = () => time.promise;
  const run = errorOf(parts.reconcile.run(accountId, 'timer'));
  return { parts, run, answer: () => time.keep(parts.clock.now()) };
}

const stored: string[] = [];
const store = async () => void stored.push('stored');

/** As a new key or an enabled account is connected. */
function attach(parts: ExecutionParts): FakeVenue {
  const venue = new FakeVenue(() => parts.clock.now());
  parts.venues.attach(anAccount(), venue);
  return venue;
}

describe('closing the connection of an account', () => {
  it('ends a comparison that is under way without a conclusion, and waits for it', async () => {
    const { parts, run, answer } = comparing();
    const detached = parts.detachAccount.detach(accountId, store);
    await settled(() => parts.venues.venueOf(accountId) === null);
    let done = false;
    void detached.then(() => {
      done = true;
    });
    await settled();
    expect(done).toBe(false);
    answer();
    await detached;
    expect(await run).toBeInstanceOf(AccountDetached);
    expect(parts.reconciliations.concluded).toEqual([]);
    expect(parts.ledger.deaths).toEqual([]);
  });

  it('ends the comparison that waits behind it too', async () => {
    const { parts, run, answer } = comparing();
    const queued = errorOf(parts.reconcile.run(accountId, 'request'));
    const detached = parts.detachAccount.detach(accountId, store);
    await settled(() => parts.venues.venueOf(accountId) === null);
    answer();
    await detached;
    expect(await run).toBeInstanceOf(AccountDetached);
    expect(await queued).toBeInstanceOf(AccountDetached);
  });

  it('is refused when an approval was being admitted: its order goes out, and the account trades on', async () => {
    const parts = new ExecutionParts();
    const commit = held<undefined>();
    parts.ledger.storage.beforeCommit = () => commit.promise;
    const approved = parts.approve();
    await settled();
    const before = stored.length;
    const refused = errorOf(parts.detachAccount.detach(accountId, store));
    await settled();
    commit.keep(undefined);
    expect(await refused).toMatchObject({ refusal: { code: 'VENUE_ACCOUNT_IN_USE' } });
    expect(await refused).toBeInstanceOf(AccountRefused);
    expect(await approved).toEqual({ kind: 'done' });
    await settled(() => parts.stored().status === 'accepted');
    expect(parts.stored().status).toBe('accepted');
    expect(parts.states.of(accountId)).toEqual({ kind: 'trading' });
    expect(stored).toHaveLength(before);
  });

  it('lets no approval pass while it is under way', async () => {
    const parts = new ExecutionParts();
    const reason = held<void>();
    const detached = parts.detachAccount.detach(accountId, () => reason.promise);
    await settled();
    expect((await parts.approve()).kind).toBe('retry');
    reason.keep();
    await detached;
    expect(parts.venue.placed).toEqual([]);
  });

  it('changes nothing when the reason can not be stored', async () => {
    const parts = new ExecutionParts();
    const failure = new Error('the database is away');
    expect(await errorOf(parts.detachAccount.detach(accountId, () => Promise.reject(failure)))).toBe(failure);
    await parts.rest();
    expect(parts.stored().status).toBe('accepted');
  });
});

describe('an account without a connection', () => {
  it('lets its approvals wait until they expire, and says so', async () => {
    const parts = new ExecutionParts();
    await parts.detachAccount.detach(accountId, store);
    const approval = parts.approval();
    expect((await parts.approved.handle(approval)).kind).toBe('retry');
    parts.clock.advance(3 * second);
    expect(await parts.approved.handle(approval)).toEqual({ kind: 'done' });
    expect(parts.stored()).toMatchObject({ status: 'expired', reason: { code: 'APPROVAL_EXPIRED' } });
  });

  it('leaves no order that was just admitted at sending', async () => {
    const parts = new ExecutionParts();
    // What no order of events may bring about: the connection goes between the mark and the request.
    parts.ledger.storage.beforeCommit = () => parts.venues.detach(accountId);
    await parts.approve();
    await settled(() => parts.stored().status !== 'sending');
    expect(parts.stored()).toMatchObject({ status: 'rejected', reason: { code: 'NOT_CONNECTED' } });
    expect(parts.venue.placed).toEqual([]);
  });

  it('keeps a cancel, and sends it when it is there again', async () => {
    const parts = new ExecutionParts();
    const order = await parts.rest();
    await parts.venues.detach(accountId);
    expect(await parts.cancelRequested.handle(parts.cancellation())).toEqual({ kind: 'done' });
    await settled();
    expect(parts.stored().status).toBe('pending-cancel');
    const venue = attach(parts);
    venue.accept(order.request);
    venue.onCancel = () => ({ kind: 'canceled', order: venue.view(order.request, { status: 'canceled' }) });
    parts.clock.advance(3 * second);
    await parts.resolveUnknown.round();
    expect(parts.stored().status).toBe('canceled');
  });

  it('lets an order in doubt be, and settles it when it is there again', async () => {
    const parts = new ExecutionParts();
    parts.venue.onPlace = () => ({ kind: 'unknown', code: 'TIMEOUT', text: 'no answer' });
    await parts.approve(closing);
    await settled(
      () => parts.stored(closing).status === 'unknown' && !parts.placeOrder.isInFlight(closing.clientOrderId),
    );
    // It goes while the question is on its way.
    parts.venue.serverTime = async () => {
      await parts.venues.detach(accountId);
      return parts.clock.now();
    };
    await parts.resolveUnknown.round();
    expect(parts.venues.venueOf(accountId)).toBeNull();
    parts.clock.advance(10 * second);
    await parts.resolveUnknown.round();
    expect(parts.stored(closing).status).toBe('unknown');
    attach(parts).accept(closing);
    await parts.resolveUnknown.round();
    expect(parts.stored(closing).status).toBe('accepted');
  });
});

describe('an account that is connected again', () => {
  it('recovers until it was compared, whatever it was before', async () => {
    const parts = new ExecutionParts();
    await parts.detachAccount.detach(accountId, store);
    attach(parts);
    expect(parts.states.of(accountId).kind).toBe('recovering');
    expect((await parts.approve()).kind).toBe('retry');
    await parts.reconcile.run(accountId, 'start');
    expect(parts.states.of(accountId)).toEqual({ kind: 'trading' });
  });

  it('recovers and trades although the connection before ended badly', async () => {
    const parts = new ExecutionParts();
    const failure = new Error('the socket was gone already');
    const detach = parts.venues.detach.bind(parts.venues);
    parts.venues.detach = async (id) => {
      await detach(id);
      throw failure;
    };
    expect(await errorOf(parts.detachAccount.detach(accountId, store))).toBe(failure);
    attach(parts);
    await parts.reconcile.run(accountId, 'start');
    expect(parts.states.of(accountId)).toEqual({ kind: 'trading' });
    expect((await parts.approve()).kind).toBe('done');
  });

  it('is not taken for compared because a comparison over the connection before has ended', async () => {
    const { parts, run, answer } = comparing();
    await parts.venues.detach(accountId);
    parts.states.forget(accountId);
    attach(parts);
    answer();
    expect(await run).toBeInstanceOf(AccountDetached);
    expect(parts.states.of(accountId).kind).toBe('recovering');
  });

  it('does not take an order that is being sent for one that nobody waits for', async () => {
    const parts = new ExecutionParts();
    parts.venue.onPlace = () => new Promise(() => undefined);
    await parts.approve();
    await parts.resolveUnknown.doubt(accountId);
    expect(parts.stored().status).toBe('sending');
  });
});
