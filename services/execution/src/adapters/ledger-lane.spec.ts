import { describe, expect, it } from '@jest/globals';
import { requestHeader } from '@scalpstorm/bus';
import {
  AccountId,
  ClientOrderId,
  type Fill,
  type OrderEvent,
  Quantity,
  TradeId,
  VenueOrderId,
} from '@scalpstorm/model';
import { withLogContext } from '@scalpstorm/observability';
import { aFill, anOrderRequest, FakeClock } from '@scalpstorm/testkit';
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
    // A new order costs no question before its commit.
    expect(ledger.storage.loads).toEqual([]);
  });

  it('keeps whose trace and request each event belongs to, whoever began the commit', async () => {
    const ledger = ledgerOn();
    const first = held<void>();
    ledger.storage.beforeCommit = () => first.promise;
    const asked = (text: string) => withLogContext({ requestId: `r-${text}` }, () => admit(ledger, text));
    const all = [asked('a'), asked('b'), admit(ledger, 'c')];
    await settled();
    first.keep();
    await Promise.all(all);
    const headers = ledger.storage.commits.map(({ events }) => events.map((event) => event.headers));
    expect(headers).toEqual([[{ [requestHeader]: 'r-a' }], [{ [requestHeader]: 'r-b' }, {}]]);
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
    const change = { ...cause, clientOrderId: id('a'), events: [accepted] };
    await expect(ledger.record(change)).rejects.toThrow('away');
    storage.load = load;
    expect(storage.commits).toEqual([]);
    expect(await ledger.record(change)).toBeNull();
  });

  it('ends the process when a decision breaks an invariant, writes nothing of its batch, and does nothing more', async () => {
    const ledger = ledgerOn();
    const commit = held<void>();
    ledger.storage.beforeCommit = () => commit.promise;
    const first = admit(ledger, 'first');
    await settled();
    const broken = ledger.admit(anOrderRequest({ clientOrderId: id('bad') }), {
      ...cause,
      clientOrderId: id('bad'),
      events: [accepted],
    });
    const all = Promise.allSettled([first, admit(ledger, 'a'), broken, admit(ledger, 'b')]);
    commit.keep();
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'rejected']);
    expect(ledger.deaths).toMatchObject([{ name: 'BrokenInvariant', message: /a new order refused/ }]);
    await expect(admit(ledger, 'later')).rejects.toThrow('a new order refused');
    expect([...ledger.storage.orders.keys()]).toEqual(['first']);
  });

  it('takes any mistake in a decision for a broken invariant', async () => {
    const ledger = ledgerOn();
    const nonsense = { ...cause, clientOrderId: id('a'), events: [null as never] };
    await expect(ledger.admit(anOrderRequest({ clientOrderId: id('a') }), nonsense)).rejects.toThrow('a could not be');
    expect(ledger.deaths).toMatchObject([{ name: 'BrokenInvariant', cause: { name: 'TypeError' } }]);
  });

  it('refuses a trade that is booked for another order, alone, and books what came with it', async () => {
    const ledger = ledgerOn();
    await Promise.all([admit(ledger, 'a'), admit(ledger, 'b')]);
    const half = aFill({ clientOrderId: id('a'), quantity: Quantity.of('0.005') });
    const record = (fill: Fill) =>
      ledger.record({ ...cause, clientOrderId: fill.clientOrderId, events: [{ kind: 'filled', fill }] });
    await record(half);
    const commit = held<void>();
    ledger.storage.beforeCommit = () => commit.promise;
    const blocker = admit(ledger, 'x');
    await settled();
    const [stolen, sound] = [
      record({ ...half, clientOrderId: id('b') }),
      record({ ...half, clientOrderId: id('b'), tradeId: TradeId.of('2') }),
    ];
    commit.keep();
    await blocker;
    expect(await stolen).toMatchObject({ applied: 0, refused: [{ fault: { kind: 'fill-conflict', tradeId: '1' } }] });
    expect(await sound).toMatchObject({ applied: 1, refused: [] });
    expect(ledger.bookedTrades).toEqual(['1', '2']);
    expect(ledger.books.order(id('b'))?.tracked.order.filledQuantity).toBe(Quantity.of('0.005'));
    expect(ledger.deaths).toEqual([]);
  });

  it('refuses the second of two orders that claim one trade in one batch', async () => {
    const ledger = ledgerOn();
    await Promise.all([admit(ledger, 'a'), admit(ledger, 'b')]);
    const commit = held<void>();
    ledger.storage.beforeCommit = () => commit.promise;
    const blocker = admit(ledger, 'x');
    await settled();
    const claims = ['a', 'b'].map((name) => {
      const fill = aFill({ clientOrderId: id(name), quantity: Quantity.of('0.005') });
      return ledger.record({ ...cause, clientOrderId: id(name), events: [{ kind: 'filled', fill }] });
    });
    commit.keep();
    await blocker;
    expect((await Promise.all(claims)).map((claim) => claim?.refused.length)).toEqual([0, 1]);
    expect(ledger.bookedTrades).toEqual(['1']);
  });

  it('remembers a bounded number of cancels without an order, the youngest', async () => {
    const ledger = ledgerOn();
    const wish = { accountId: AccountId.of('demo'), cancelReason: 'stop', causedBy: null } as const;
    for (let start = 0; start <= 10_000; start += 100) {
      const wishes = Array.from({ length: 100 }, (_, index) =>
        ledger.requestCancel({ ...wish, clientOrderId: id(`c${start + index}`), requestedAt: clock.now() }),
      );
      await Promise.all(wishes);
    }
    expect(ledger.storage.cancels.size).toBeLessThanOrEqual(10_000);
    expect(ledger.books.cancel(id('c0'))).toBeNull();
    expect(ledger.books.cancel(id('c10099'))).not.toBeNull();
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
