import { describe, expect, it } from '@jest/globals';
import type { VenueAccountRequest } from '@scalpstorm/contracts';
import { AccountId, type Activity, UserId, VenueId } from '@scalpstorm/model';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { anAccount, FakeClock } from '@scalpstorm/testkit';
import { MasterKeys, SealedBoxes, sealFor, Vault } from '@scalpstorm/vault';
import { VenueUnreachable } from '@scalpstorm/venue-api';
import { ExecutionParts } from '../../test/execution-parts.js';
import { FakeConnections } from '../../test/fake-connections.js';
import { FakeVenue, FakeVenues } from '../../test/fake-venue.js';
import { MemoryLedger, MemoryStorage } from '../../test/memory-ledger.js';
import { type KeyUse, type StoredVenueAccount, VenueAccountStore } from '../ports/venue-account-store.js';
import { DetachAccount } from './detach-account.js';
import type { Recover } from './recover.js';
import { VenueAccountQuestionHandler } from './venue-account-question.handler.js';
import { VenueAccounts } from './venue-accounts.js';

class MemoryStore extends VenueAccountStore {
  readonly rows = new Map<string, StoredVenueAccount>();
  readonly told: Activity[] = [];
  readonly uses: KeyUse[] = [];
  async keyUsed(use: KeyUse) {
    this.uses.push(use);
  }
  async all() {
    return [...this.rows.values()];
  }
  async ofUser(userId: UserId) {
    return [...this.rows.values()].filter((row) => row.userId === userId);
  }
  async find(userId: UserId, accountId: AccountId) {
    const row = this.rows.get(accountId);
    return row?.userId === userId ? row : null;
  }
  async add(account: StoredVenueAccount, told: Activity) {
    if (this.rows.has(account.accountId)) return false;
    this.rows.set(account.accountId, account);
    this.told.push(told);
    return true;
  }
  async change(account: StoredVenueAccount, told: Activity | null) {
    this.rows.set(account.accountId, account);
    if (told !== null) this.told.push(told);
  }
  async remove({ accountId }: { accountId: AccountId }, told: Activity) {
    this.rows.delete(accountId);
    this.told.push(told);
  }
}

const oldKey = '01'.repeat(32);
const newKey = '02'.repeat(32);
const userId = UserId.of('usr_1');
const accountId = AccountId.of('sim-1');
const secret = { apiKey: 'a-key-of-sixteen-or-more', secret: 'planted-secret' };

function world(store = new MemoryStore(), keys = oldKey) {
  const clock = new FakeClock();
  const parts = new ExecutionParts();
  const venues = new FakeVenues(new FakeVenue(() => clock.now()), anAccount());
  const connections = new FakeConnections(venues, () => new FakeVenue(() => clock.now()));
  const ledger = new MemoryLedger(() => clock.now(), new MemoryStorage(), accountId);
  const masterKeys = MasterKeys.parse(keys);
  const boxes = new SealedBoxes(masterKeys);
  const taken: string[] = [];
  // Only what is asked of it here; the real one is exercised on real servers.
  const recover = {
    take: async (id: AccountId) => void taken.push(id),
    follow: () => undefined,
    watch: () => undefined,
    keepBooksOf: () => undefined,
  } as unknown as Recover;
  const addresses = { rest: 'http://127.0.0.1:7', spotWs: 'ws://127.0.0.1:7', wsApi: 'ws://127.0.0.1:7' };
  const accounts = new VenueAccounts(
    {
      vault: { vault: new Vault(masterKeys), boxes },
      offers: [{ venue: VenueId.of('sim'), mode: 'demo', title: 'sim', addresses }],
    },
    store,
    connections,
    venues,
    ledger,
    recover,
    new DetachAccount(ledger, venues, connections, parts.states, parts.reconcile),
    clock,
    new RecordingLog(),
  );
  const handler = new VenueAccountQuestionHandler(accounts);
  const sealed = sealFor(boxes.publicKey, JSON.stringify(secret), `venue-account:${userId}:${accountId}`);
  const add = (changes: Partial<Extract<VenueAccountRequest, { kind: 'add' }>> = {}) =>
    handler.answer({
      kind: 'add',
      commandId: 'c1',
      userId,
      accountId,
      label: 'Mine',
      venue: VenueId.of('sim'),
      mode: 'demo',
      sealed,
      ...changes,
    });
  return { handler, accounts, connections, store, add, taken, clock };
}

describe('a venue account', () => {
  it('whose key may withdraw is refused, and nothing of it is kept', async () => {
    const { add, connections, store } = world();
    connections.answer = () => ({ mayTrade: true, mayWithdraw: true });
    expect(await add()).toMatchObject({ ok: false, refusals: [{ code: 'KEY_MAY_WITHDRAW', field: '/apiKey' }] });
    expect(store.rows.size).toBe(0);
    expect(connections.attached.size).toBe(0);
  });

  it('whose key may only read is kept with a warning', async () => {
    const { add, connections } = world();
    connections.answer = () => ({ mayTrade: false, mayWithdraw: null });
    expect(await add()).toMatchObject({
      ok: true,
      value: {
        accounts: [{ check: { mayTrade: false, mayWithdraw: null, warning: expect.stringContaining('trade') } }],
      },
    });
  });

  it('is not kept while its venue cannot be asked', async () => {
    const { add, connections, store } = world();
    connections.answer = () => {
      throw new VenueUnreachable(VenueId.of('sim'), 'VENUE_UNREACHABLE', 'no answer');
    };
    expect(await add()).toMatchObject({ ok: false, refusals: [{ code: 'VENUE_UNREACHABLE' }] });
    expect(store.rows.size).toBe(0);
  });

  it('is told of, one line a change, and no line, row or answer has its secret', async () => {
    const { add, handler, store } = world();
    const answers = [await add()];
    for (const kind of ['test', 'disable', 'enable', 'delete'] as const) {
      answers.push(await handler.answer({ kind, commandId: kind, userId, accountId }));
    }
    expect(store.told.map(({ code }) => code)).toEqual(
      ['ADDED', 'TESTED', 'DISABLED', 'ENABLED', 'REMOVED'].map((what) => `VENUE_ACCOUNT_${what}`),
    );
    const shown = JSON.stringify([store.told, [...store.rows.values()]]);
    expect(shown).not.toContain(secret.secret);
    for (const answer of answers) {
      if (!answer.ok) throw new Error('refused');
      const {
        accounts: [account],
      } = answer.value;
      if (account !== undefined) expect(account).toMatchObject({ keyEnding: 'more' });
    }
  });

  it('is opened with the secret that was kept, also after its master key was rotated', async () => {
    const { add, store } = world();
    await add();
    const before = store.rows.get(accountId)?.envelope;
    const later = world(store, `${newKey},${oldKey}`);
    await later.accounts.attachStored();
    expect(later.connections.attached.get(accountId)).toMatchObject(secret);
    expect(store.rows.get(accountId)?.envelope).not.toEqual(before);
    const last = world(store, newKey);
    await last.accounts.attachStored();
    expect(last.connections.attached.get(accountId)).toMatchObject(secret);
  });

  it('that cannot be opened keeps the service and the others running', async () => {
    const { add, store } = world();
    await add();
    const stranger = world(store, newKey);
    await stranger.accounts.attachStored();
    expect(stranger.connections.attached.size).toBe(0);
  });

  it('of one user waits for its turn, and not for the venue of another user', async () => {
    const { add, connections, handler, store } = world();
    let answerNow = (): void => undefined;
    const slow = new Promise<void>((resolve) => {
      answerNow = resolve;
    });
    connections.answer = async () => {
      await slow;
      return { mayTrade: true, mayWithdraw: false };
    };
    const added = add();
    const disabled = handler.answer({ kind: 'disable', commandId: 'd', userId, accountId });
    const other = UserId.of('usr_2');
    expect(await handler.answer({ kind: 'delete', commandId: 'x', userId: other, accountId })).toMatchObject({
      ok: true,
    });
    answerNow();
    expect(await added).toMatchObject({ ok: true, value: { accounts: [{ state: 'enabled' }] } });
    expect(await disabled).toMatchObject({ ok: true, value: { accounts: [{ state: 'disabled' }] } });
    expect(store.rows.get(accountId)?.state).toBe('disabled');
  });

  it('has a bounded number of changes that wait', async () => {
    const { add, connections, handler } = world();
    connections.answer = () => new Promise(() => undefined);
    void add();
    const changes = Array.from({ length: 15 }, (_, index) =>
      handler.answer({ kind: 'relabel', commandId: `${index}`, userId, accountId, label: `${index}` }),
    );
    const refused = await handler.answer({ kind: 'test', commandId: 'last', userId, accountId });
    expect(refused).toMatchObject({ ok: false, refusals: [{ code: 'TOO_MANY_CHANGES' }] });
    expect(changes).toHaveLength(15);
  });

  it('that could not be connected when it was added is connected when that is asked for again', async () => {
    const { add, connections } = world();
    const attach = connections.attach.bind(connections);
    connections.attach = () => Promise.reject(new Error('the database is away'));
    await expect(add()).rejects.toThrow('away');
    connections.attach = attach;
    expect(await add()).toMatchObject({ ok: true });
    expect(connections.attached.size).toBe(1);
  });

  it('that was copied to another user in the table does not open', async () => {
    const { add, store } = world();
    await add();
    const row = store.rows.get(accountId);
    if (row === undefined) throw new Error('no row');
    store.rows.set(accountId, { ...row, userId: UserId.of('usr_2') });
    const later = world(store);
    await later.accounts.attachStored();
    expect(later.connections.attached.size).toBe(0);
  });
});
