import { describe, expect, it } from '@jest/globals';
import { ClientOrderId, type OrderEvent, VenueOrderId } from '@scalpstorm/model';
import { anOrderRequest, FakeClock } from '@scalpstorm/testkit';
import { held, settled } from '../../test/execution-parts.js';
import { MemoryLedger, MemoryStorage } from '../../test/memory-ledger.js';

const clock = new FakeClock();
const cause = { occurredAt: clock.now(), causedBy: null };
const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: clock.now() };
const accepted: OrderEvent = { kind: 'accepted', venueOrderId: VenueOrderId.of('v1') };
const id = (text: string) => ClientOrderId.of(text);
const ledgerOn = (storage = new MemoryStorage()) => new MemoryLedger(() => clock.now(), storage);

function admit(ledger: MemoryLedger, text: string) {
  const clientOrderId = id(text);
  return ledger.admit(anOrderRequest({ clientOrderId }), { ...cause, clientOrderId, events: [sending] });
}

describe('the one writer of an account', () => {
  it('commits together whatever waited during a commit', async () => {
    const ledger = ledgerOn();
    const first = held<void>();
    ledger.storage.beforeCommit = () => first.promise;
    const all = [admit(ledger, 'a'), admit(ledger, 'b'), admit(ledger, 'c'), admit(ledger, 'd')];
    await settled();
    first.keep();
    await Promise.all(all);
    expect(ledger.storage.commits.map((batch) => [...batch.orders.keys()])).toEqual([['a'], ['b', 'c', 'd']]);
    expect(ledger.storage.loads.at(-1)).toEqual(['b', 'c', 'd']);
  });

  it('answers nobody before his commit', async () => {
    const ledger = ledgerOn();
    const commit = held<void>();
    ledger.storage.beforeCommit = () => commit.promise;
    let answered = false;
    const admitting = admit(ledger, 'a').then(() => {
      answered = true;
    });
    await settled();
    expect(answered).toBe(false);
    commit.keep();
    await admitting;
    expect(answered).toBe(true);
  });

  it('decides on what the same batch has decided before', async () => {
    const ledger = ledgerOn();
    const commit = held<void>();
    ledger.storage.beforeCommit = () => commit.promise;
    const blocker = admit(ledger, 'x');
    await settled();
    const both = [admit(ledger, 'a'), admit(ledger, 'a')];
    const recording = ledger.record({ ...cause, clientOrderId: id('a'), events: [accepted] });
    commit.keep();
    expect((await Promise.all(both)).map(({ fresh }) => fresh)).toEqual([true, false]);
    expect((await recording)?.tracked.order).toMatchObject({ status: 'accepted', version: 2 });
    await blocker;
    expect(ledger.storage.commits).toHaveLength(2);
  });

  it('rejects everybody of a commit that failed, forgets what they decided, and goes on', async () => {
    const ledger = ledgerOn();
    ledger.storage.beforeCommit = () => Promise.reject(new Error('Postgres is away'));
    const results = await Promise.allSettled([admit(ledger, 'a'), admit(ledger, 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(ledger.working()).toEqual([]);
    ledger.storage.beforeCommit = async () => undefined;
    expect(await admit(ledger, 'a')).toMatchObject({ fresh: true });
  });

  it('rejects everybody when what is known can not be read, and decides nothing', async () => {
    const storage = new MemoryStorage();
    const ledger = ledgerOn(storage);
    const load = storage.load.bind(storage);
    storage.load = () => Promise.reject(new Error('Postgres is away'));
    await expect(admit(ledger, 'a')).rejects.toThrow('away');
    storage.load = load;
    expect(storage.commits).toEqual([]);
    expect(await admit(ledger, 'a')).toMatchObject({ fresh: true });
  });

  it('rejects a decision that breaks, alone', async () => {
    const ledger = ledgerOn();
    const broken = ledger.admit(anOrderRequest({ clientOrderId: id('bad') }), {
      ...cause,
      clientOrderId: id('bad'),
      events: [accepted],
    });
    const results = await Promise.allSettled([admit(ledger, 'a'), broken, admit(ledger, 'b')]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('knows orders of an earlier process, and writes nothing for a repeat', async () => {
    const before = ledgerOn();
    await admit(before, 'a');
    const after = ledgerOn(before.storage);
    expect(await admit(after, 'a')).toMatchObject({ fresh: false, tracked: { attempt: 1 } });
    expect(before.storage.commits).toHaveLength(1);
    expect(await after.record({ ...cause, clientOrderId: id('nobody'), events: [accepted] })).toBeNull();
  });

  it('does not let a slow look at the database bring back an older order', async () => {
    const storage = ledgerOn().storage;
    await admit(ledgerOn(storage), 'a');
    const ledger = ledgerOn(storage);
    const slow = held<void>();
    const load = storage.load.bind(storage);
    let looks = 0;
    storage.load = async (ids) => {
      const found = await load(ids);
      looks += 1;
      if (looks === 1) await slow.promise;
      return found;
    };
    const looking = ledger.find(id('a'));
    await ledger.record({ ...cause, clientOrderId: id('a'), events: [accepted] });
    slow.keep();
    expect((await looking)?.order.status).toBe('accepted');
    expect(ledger.working().map(({ order }) => order.status)).toEqual(['accepted']);
  });
});
