import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { NatsBus } from '@scalpstorm/bus';
import { testNats } from '@scalpstorm/bus/testing';
import { accountQuestion, type VenueAccountRequest, venueAccountQuestion } from '@scalpstorm/contracts';
import { AccountId, UserId, VenueId } from '@scalpstorm/model';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import { sealFor } from '@scalpstorm/vault';
import type { ExecutionProcess } from './execution-process.js';
import { ExecutionWorld } from './execution-world.js';

const masterKey = 'ab'.repeat(32);
const newerKey = 'cd'.repeat(32);
const userId = UserId.of('usr_1');
const stranger = UserId.of('usr_2');
const accountId = AccountId.of('sim-00000001');
const askMs = 15_000;

describeWithServers('an account that a user brings, on real servers', (servers) => {
  let world: ExecutionWorld;
  let gateway: NatsBus;
  let execution: ExecutionProcess;
  let said = '';

  const start = async () => {
    execution = world.start();
    await execution.serving;
    await eventually(async () => expect(await ask({ kind: 'list', userId })).toMatchObject({ ok: true }), {
      timeoutMs: 60_000,
    });
  };
  const ask = (request: VenueAccountRequest) => gateway.bus.ask(venueAccountQuestion, request, askMs);
  const sealed = async (owner: UserId, secret: object, id: AccountId = accountId) => {
    const answer = await ask({ kind: 'list', userId: owner });
    if (!answer.ok) throw new Error('no sealing key');
    return sealFor(answer.value.sealingKey, JSON.stringify(secret), `venue-account:${owner}:${id}`);
  };
  const add = async (secret: object, changes: Partial<Extract<VenueAccountRequest, { kind: 'add' }>> = {}) =>
    ask({
      kind: 'add',
      commandId: 'c1',
      userId,
      accountId,
      label: 'Mine',
      venue: VenueId.of('sim'),
      mode: 'demo',
      sealed: await sealed(changes.userId ?? userId, secret, changes.accountId ?? accountId),
      ...changes,
    });
  const command = (kind: 'test' | 'enable' | 'disable' | 'delete', as: UserId = userId) =>
    ask({ kind, commandId: `c-${kind}`, userId: as, accountId });
  const accounts = async () => {
    const answer = await gateway.bus.ask(accountQuestion, { kind: 'list', accountId: '' });
    return answer.ok ? answer.value.accounts.map(({ id }) => id) : [];
  };

  beforeAll(async () => {
    const nats = testNats();
    if (nats === null) throw new Error('TEST_NATS_URL is not set');
    const settings = { VAULT_MASTER_KEYS: `${newerKey},${masterKey}`, LOG_LEVEL: 'debug' };
    world = await ExecutionWorld.open({ nats, postgresUrl: servers.postgresUrl }, settings);
    gateway = await world.connectGateway();
    await start();
  });
  afterEach(() => {
    said += execution.log;
  });
  afterAll(async () => {
    await execution.kill();
    await gateway.close();
    await world.close();
  });

  it('is refused with a key that the venue does not take, and with a secret that was sealed for somebody else', async () => {
    const wrong = await add({ apiKey: 'not-a-key-of-the-venue', secret: 'planted-wrong-secret' });
    expect(wrong).toMatchObject({ ok: false, refusals: [{ field: '/apiKey' }] });
    const foreign = await sealed(stranger, world.credentials);
    expect(await add(world.credentials, { sealed: foreign })).toMatchObject({
      ok: false,
      refusals: [{ code: 'SECRET_UNREADABLE' }],
    });
    expect(await add(world.credentials, { venue: VenueId.of('nowhere') })).toMatchObject({
      ok: false,
      refusals: [{ code: 'VENUE_NOT_OFFERED', field: '/venue', allowed: expect.stringContaining('sim demo') }],
    });
    expect(await ask({ kind: 'list', userId })).toMatchObject({ ok: true, value: { accounts: [] } });
  });

  it('is tested, opened and compared with its venue without a restart', async () => {
    const added = await add(world.credentials);
    expect(added).toMatchObject({
      ok: true,
      value: { accounts: [{ accountId, userId, state: 'enabled', check: { mayTrade: true, mayWithdraw: false } }] },
    });
    expect(await add(world.credentials)).toMatchObject({ ok: true, value: { accounts: [{ accountId }] } });
    expect(await accounts()).toEqual(['demo', accountId]);
    await reconciled();
  });

  it('is nobody’s but its owner’s', async () => {
    expect(await ask({ kind: 'list', userId: stranger })).toMatchObject({ ok: true, value: { accounts: [] } });
    for (const kind of ['test', 'disable'] as const) {
      expect(await command(kind, stranger)).toMatchObject({
        ok: false,
        refusals: [{ code: 'VENUE_ACCOUNT_NOT_FOUND' }],
      });
    }
    expect(await command('delete', stranger)).toMatchObject({ ok: true });
    expect(await accounts()).toContain(accountId);
  });

  it('is opened again after the process died', async () => {
    await execution.kill();
    await start();
    await eventually(async () => expect(await accounts()).toEqual(['demo', accountId]), { timeoutMs: 60_000 });
    expect(await command('test')).toMatchObject({ ok: true, value: { accounts: [{ check: { mayTrade: true } }] } });
  });

  it('is closed, opened, given a new key and removed while the others go on', async () => {
    expect(await command('disable')).toMatchObject({ ok: true, value: { accounts: [{ state: 'disabled' }] } });
    expect(await accounts()).toEqual(['demo']);
    expect(await command('enable')).toMatchObject({ ok: true, value: { accounts: [{ state: 'enabled' }] } });
    const rotated = await ask({
      kind: 'rotate',
      commandId: 'c-rotate',
      userId,
      accountId,
      sealed: await sealed(userId, world.credentials),
    });
    expect(rotated).toMatchObject({ ok: true, value: { accounts: [{ state: 'enabled' }] } });
    expect(await accounts()).toEqual(['demo', accountId]);
    await leavesNoTrace();
    expect(await command('delete')).toMatchObject({ ok: true, value: { accounts: [] } });
    expect(await accounts()).toEqual(['demo']);
    expect(await ask({ kind: 'list', userId })).toMatchObject({ ok: true, value: { accounts: [] } });
  });

  it('is closed at whatever moment of its recovery, and no process ends of it', async () => {
    expect(await add(world.credentials)).toMatchObject({ ok: true });
    const compare = () => gateway.bus.ask(accountQuestion, { kind: 'reconcile', accountId }, askMs).catch(() => null);
    const compared: Promise<unknown>[] = [];
    for (const kind of ['disable', 'enable', 'disable', 'enable', 'delete'] as const) {
      // One that runs and one that waits behind it.
      compared.push(compare(), compare());
      expect(await command(kind)).toMatchObject({ ok: true });
    }
    await Promise.all(compared);
    expect(await accounts()).toEqual(['demo']);
    expect(execution.hasEnded).toBe(false);
    expect(execution.log).not.toContain('BrokenInvariant');
  });

  async function reconciled(): Promise<void> {
    await eventually(
      async () => {
        const answer = await gateway.bus.ask(accountQuestion, { kind: 'get', accountId });
        expect(answer).toMatchObject({ ok: true, value: { reconciled: true } });
      },
      { timeoutMs: 60_000 },
    );
  }

  /** Neither in a table, whatever the encoding, nor in a line of the log, nor in an answer. */
  async function leavesNoTrace(): Promise<void> {
    const rows = await everything();
    expect(rows).toContain('venue-account-row-is-here');
    const answers = JSON.stringify(await ask({ kind: 'list', userId }), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const text of [world.credentials.secret, world.credentials.apiKey, 'planted-wrong-secret']) {
      const forms = [text, Buffer.from(text).toString('hex'), Buffer.from(text).toString('base64').replace(/=+$/, '')];
      for (const form of forms) {
        expect(rows).not.toContain(form);
        expect(said + execution.log).not.toContain(form);
        expect(answers).not.toContain(form);
      }
    }
  }

  async function everything(): Promise<string> {
    const tables = await world.sql<{ name: string }[]>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE'`;
    const texts: string[] = [];
    for (const { name } of tables) {
      const rows = await world.sql<{ row: string }[]>`select t::text as row from ${world.sql(name)} t`;
      texts.push(...rows.map(({ row }) => row));
      if (name === 'venue_accounts' && rows.length === 1) texts.push('venue-account-row-is-here');
    }
    return texts.join('\n');
  }
});
