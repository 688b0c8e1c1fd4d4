import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { countMessages, fillStreams, removeTopology } from '@scalpstorm/bus';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { migrate, schemaName } from '@scalpstorm/store';
import { describeWithServers } from '@scalpstorm/testkit';
import { migrationsOf, ownedSchemas } from '../src/backup/layout.js';
import { BackupWorld } from './backup-world.js';

/** Everything that a text format can stumble over. */
const awkward = 'a tab\t, a line\nend, a \\ and \\N, a "quote", Ω and 😀';

const users = (folder: string): string => join(folder, 'gateway.users.copy.gz');

function flip(folder: string): void {
  const bytes = readFileSync(users(folder));
  bytes[20] = (bytes[20] ?? 0) ^ 1;
  writeFileSync(users(folder), bytes);
}

const cut = (folder: string): void => writeFileSync(users(folder), readFileSync(users(folder)).subarray(0, 30));
const lose = (folder: string): void => rmSync(users(folder));
const loseManifest = (folder: string): void => rmSync(join(folder, 'manifest.json'));

function edit(folder: string): void {
  const path = join(folder, 'manifest.json');
  writeFileSync(path, readFileSync(path, 'utf8').replace('"rows": 1', '"rows": 2'));
}

describeWithServers('a back-up', (servers) => {
  let world: BackupWorld;
  /** An installation, and a back-up of it that each test has a copy of. */
  let from: string;
  let folder: string;
  let tests = 0;
  beforeAll(async () => {
    world = new BackupWorld(servers);
    from = await filled();
    await world.run(from, 'backup', world.path('kept'));
  });
  beforeEach(() => {
    tests += 1;
    folder = world.path(`copy-${tests}`);
    cpSync(world.path('kept'), folder, { recursive: true });
  });
  afterAll(() => world.close());

  const insertUser = (namespace: string, id: string, email: string) =>
    world.sql.unsafe(
      `insert into ${world.place(namespace, 'gateway', 'users')} (id, email, password_hash, role) values ($1, $2, $3, 'admin')`,
      [id, email, awkward],
    );

  async function filled() {
    const namespace = await world.install('gateway', 'notifications', 'risk');
    await insertUser(namespace, 'u1', 'one@example.org');
    await world.sql.unsafe(
      `insert into ${world.place(namespace, 'gateway', 'api_keys')}
         (id, user_id, label, hash, scopes, allowed_addresses, created_at) values ('k1', 'u1', $1, 'h', '{a,"b,c"}', '{}', 1)`,
      [awkward],
    );
    await world.sql.unsafe(
      `insert into ${world.place(namespace, 'notifications', 'profiles')} (user_id, role, preferences)
         values ('u1', 'admin', $1::text::jsonb)`,
      [JSON.stringify({ awkward, deep: { number: 1e-9 } })],
    );
    await world.sql.unsafe(
      `insert into ${world.place(namespace, 'notifications', 'cycle_results')}
         values ('b', 1, 'u1', '2026-01-01', 'live', 'USDT', 1, 1, 12345678901234567890.123456789012345678, -0.000000000000000001, 0)`,
    );
    await world.sql.unsafe(
      `insert into ${world.place(namespace, 'notifications', 'webhooks')} values ('u1', 'https://a.example', '\\x00ff0a5c', 1)`,
    );
    await world.sql.unsafe(
      `insert into ${world.place(namespace, 'gateway', 'refresh_tokens')} (hash, session_id, user_id, issued_at, expires_at, session_ends_at)
         values ('secret-session', 's', 'u1', 1, 2, 3)`,
    );
    const told = async function* () {
      for (const subject of ['bot.changed.v1.b', 'dead-letter.v1.strategy', 'order.approved.v1.a'])
        yield {
          subject,
          headers: { 'Nats-Msg-Id': `id:${subject}`, 'X-Kept': 'yes' },
          data: new Uint8Array([1, 2, 255]),
        };
    };
    await fillStreams(world.address(namespace), told());
    return namespace;
  }

  const kept = [
    ['gateway', 'users'],
    ['gateway', 'api_keys'],
    ['notifications', 'profiles'],
    ['notifications', 'cycle_results'],
    ['notifications', 'webhooks'],
  ] as const;

  it('is put into another installation, row by row and to the last digit, and counts go on where they were', async () => {
    const fresh = world.path('fresh');
    const made = await world.run(from, 'backup', fresh);
    expect([made.code, made.lines[0]?.text]).toEqual([0, 'the back-up is complete']);
    expect(made.text).toContain('sealed secrets and not their keys');
    const to = world.namespace();
    expect((await world.run(to, 'restore', fresh)).code).toBe(0);
    for (const [schema, table] of kept)
      expect([...(await world.rowsOf(to, schema, table))]).toEqual([...(await world.rowsOf(from, schema, table))]);
    const [next] = await world.sql.unsafe(
      `insert into ${world.place(to, 'gateway', 'api_keys')} (id, user_id, label, hash, scopes, allowed_addresses, created_at)
         values ('k2', 'u1', '', 'h2', '{}', '{}', 1) returning sequence::int`,
    );
    expect(next).toEqual({ sequence: 2 });
  });

  it('is for its owner alone, and holds no session', async () => {
    const kept = world.path('kept');
    expect(statSync(kept).mode & 0o777).toBe(0o700);
    expect(statSync(join(kept, 'gateway.users.copy.gz')).mode & 0o777).toBe(0o600);
    expect(() => statSync(join(kept, 'gateway.refresh_tokens.copy.gz'))).toThrow('ENOENT');
  });

  it('is of one moment, however much is written while it is made', async () => {
    const busy = await world.install('gateway', 'risk');
    const [one, two] = [world.path('moment-1'), world.path('moment-2')];
    const working = { on: true };
    const writer = (async () => {
      for (let count = 0; working.on; count += 1)
        await world.sql.begin(async (tx) => {
          await tx.unsafe(
            `insert into ${world.place(busy, 'gateway', 'trading_states')} values ('s${count}', 0, 'active', '', '')`,
          );
          await tx.unsafe(
            `insert into ${world.place(busy, 'risk', 'trading_states')} values ('s${count}', 'active', '', '', 0)`,
          );
        });
    })();
    await world.run(busy, 'backup', one);
    await world.run(busy, 'backup', two);
    working.on = false;
    await writer;
    for (const made of [one, two]) {
      const to = world.namespace();
      expect((await world.run(to, 'restore', made)).code).toBe(0);
      const [left, right] = [
        await world.rowsOf(to, 'gateway', 'trading_states'),
        await world.rowsOf(to, 'risk', 'trading_states'),
      ];
      expect(left.map((row) => row['scope'])).toEqual(right.map((row) => row['user_id']));
    }
  });

  it('keeps what of the streams is told once, and dead letters, and no approval', async () => {
    const to = world.namespace();
    await world.run(to, 'restore', folder);
    const counts = await countMessages(world.address(to), ['BOT_EVENTS', 'DEAD_LETTERS', 'VERDICTS']);
    expect(Object.fromEntries(counts)).toEqual({ BOT_EVENTS: 1, DEAD_LETTERS: 1, VERDICTS: 0 });
  });

  it('goes only where nothing is, unless what is there may go', async () => {
    const to = await world.install('gateway');
    await insertUser(to, 'mine', 'mine@example.org');
    expect(await world.run(to, 'restore', folder)).toMatchObject({ code: 1, fault: 'TARGET_NOT_EMPTY' });
    expect((await world.rowsOf(to, 'gateway', 'users')).map((row) => row['id'])).toEqual(['mine']);
    expect((await world.run(to, 'restore', folder, '--replace', '--halted')).code).toBe(0);
    expect((await world.rowsOf(to, 'gateway', 'users')).map((row) => row['id'])).toEqual(['u1']);
    expect(await world.rowsOf(to, 'risk', 'trading_states')).toMatchObject([{ user_id: '', state: 'halted' }]);
  });

  it('does not go where somebody still writes, whatever is allowed', async () => {
    const to = await world.install('risk');
    await world.sql.unsafe(
      `insert into ${world.place(to, 'risk', 'lease')} (token, holder, expires_at) values (1, 'gate-1', now() + interval '1 hour')`,
    );
    const refused = await world.run(to, 'restore', folder, '--replace');
    expect(refused).toMatchObject({ code: 1, fault: 'PLATFORM_RUNNING' });
    expect(refused.text).toContain('gate-1');
  });

  it('of an older version gets what its tables lack from the service that owns them', async () => {
    world.forge(folder, (manifest) => {
      const schemas = manifest['schemas'] as {
        schema: string;
        migrations: { own: string[] };
        tables: { name: string }[];
      }[];
      const older = schemas.find(({ schema }) => schema === 'notifications');
      if (older === undefined) throw new Error('no schema of notifications');
      // The one that has only made a table.
      const { own } = older.migrations;
      older.migrations.own = own.slice(0, own.indexOf('003_cycle_results'));
      older.tables = older.tables.filter(({ name }) => name !== 'cycle_results');
      manifest['version'] = '0.0.1';
    });
    const to = world.namespace();
    expect((await world.run(to, 'restore', folder)).code).toBe(0);
    const owned = ownedSchemas.find(({ schema }) => schema === 'notifications');
    if (owned === undefined) throw new Error('nobody owns the schema of notifications');
    const place = { url: servers.postgresUrl, schema: schemaName(to, 'notifications'), folder: migrationsOf(owned) };
    await migrate({ ...place, log: new RecordingLog() });
    expect(await world.rowsOf(to, 'notifications', 'cycle_results')).toHaveLength(0);
    const ran = await world.sql.unsafe(
      `select name from ${world.place(to, 'notifications', 'migrations')} order by id`,
    );
    expect(ran.map((row) => row['name'])).toContain('003_cycle_results');
  });

  it.each([
    ['a file with another byte in it', 'BACKUP_DAMAGED', 'checksum differs', flip],
    ['a file that is cut short', 'BACKUP_DAMAGED', 'bytes instead of', cut],
    ['a file that is gone', 'BACKUP_DAMAGED', 'is missing', lose],
    ['a manifest that was changed', 'BACKUP_DAMAGED', 'is not what was written', edit],
    ['no manifest: it never came to its end', 'BACKUP_NOT_FOUND', 'it has no manifest.json', loseManifest],
  ])('is refused with %s, and nothing is touched', async (_, fault, text, damage) => {
    damage(folder);
    const to = world.namespace();
    const refused = await world.run(to, 'restore', folder);
    expect(refused).toMatchObject({ code: 1, fault });
    expect(refused.text).toContain(text);
    expect(await world.sql`select 1 from pg_namespace where nspname like ${`${to}%`}`).toHaveLength(0);
  });

  it.each([
    [
      'a later version',
      (manifest: Record<string, unknown>) => Object.assign(manifest, { version: '99.0.0' }),
      '99.0.0',
    ],
    ['a later format', (manifest: Record<string, unknown>) => Object.assign(manifest, { format: 2 }), 'format 2'],
    [
      'a version with migrations that are not here',
      (manifest: Record<string, unknown>) => {
        const [first] = manifest['schemas'] as { migrations: { own: string[] } }[];
        first?.migrations.own.push('099_from_the_future');
      },
      '099_from_the_future',
    ],
  ])('of %s is refused', async (_, change, text) => {
    world.forge(folder, change);
    const refused = await world.run(world.namespace(), 'restore', folder);
    expect(refused).toMatchObject({ code: 1, fault: 'BACKUP_NEWER' });
    expect(refused.text).toContain(text);
  });

  it('that does not fit leaves nothing behind', async () => {
    world.forge(folder, (manifest) => {
      const schemas = manifest['schemas'] as { tables: { name: string; rows: number }[] }[];
      for (const { tables } of schemas) for (const table of tables) if (table.name === 'users') table.rows = 7;
    });
    const to = world.namespace();
    expect(await world.run(to, 'restore', folder)).toMatchObject({ code: 1, fault: 'RESTORE_DIFFERS' });
    expect(await world.sql`select 1 from pg_namespace where nspname like ${`${to}%`}`).toHaveLength(0);
  });

  it('is not written over another one, and one that is dated lies beside it', async () => {
    const own = await world.install('gateway');
    const parent = world.path('dated');
    await insertUser(own, 'u1', 'one@example.org');
    await world.run(own, 'backup', parent, '--dated');
    await world.run(own, 'backup', parent, '--dated');
    expect(await world.run(own, 'backup', parent)).toMatchObject({ code: 1, fault: 'BACKUP_FOLDER_NOT_EMPTY' });
    await insertUser(own, 'u2', 'two@example.org');
    await world.run(own, 'backup', parent, '--dated');
    const to = world.namespace();
    expect((await world.run(to, 'restore', parent, '--latest')).code).toBe(0);
    expect(await world.rowsOf(to, 'gateway', 'users')).toHaveLength(2);
  });

  it('that fails leaves no folder, and nothing in one that was there before', async () => {
    const own = await world.install('gateway');
    await insertUser(own, 'u1', 'one@example.org');
    await removeTopology(world.address(own));
    const [parent, there] = [world.path('failed'), world.path('there')];
    mkdirSync(parent);
    mkdirSync(there);
    expect((await world.run(own, 'backup', parent, '--dated')).code).toBe(1);
    expect(readdirSync(parent)).toEqual([]);
    expect((await world.run(own, 'backup', there)).code).toBe(1);
    expect([existsSync(there), readdirSync(there)]).toEqual([true, []]);
  });

  it('of nothing is none, and a restore of nothing neither', async () => {
    expect(await world.run(world.namespace(), 'backup', world.path('empty'))).toMatchObject({
      code: 1,
      fault: 'NOTHING_TO_BACK_UP',
    });
    expect(await world.run(world.namespace(), 'restore', world.path('empty'), '--latest')).toMatchObject({
      code: 1,
      fault: 'BACKUP_NOT_FOUND',
    });
  });
});
