import { cpSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { countMessages, fillStreams } from '@scalpstorm/bus';
import { describeWithServers } from '@scalpstorm/testkit';
import { BackupWorld } from './backup-world.js';

describeWithServers('a restore in place of what is there', (servers) => {
  let world: BackupWorld;
  /** A back-up, and each test's copy of it. */
  let kept: string;
  let folder: string;
  /** An installation that has something to lose. */
  let to: string;
  let tests = 0;
  beforeAll(async () => {
    world = new BackupWorld(servers);
    kept = world.path('kept');
    const from = await world.install('gateway', 'risk');
    await insertUser(from, 'from-the-back-up');
    await world.run(from, 'backup', kept);
  });
  beforeEach(async () => {
    tests += 1;
    folder = world.path(`copy-${tests}`);
    cpSync(kept, folder, { recursive: true });
    to = await world.install('gateway', 'notifications');
    await insertUser(to, 'mine');
    await fillStreams(world.address(to), letters());
  });
  afterAll(() => world.close());

  const insertUser = (namespace: string, id: string) =>
    world.sql.unsafe(
      `insert into ${world.place(namespace, 'gateway', 'users')} (id, email, password_hash, role) values ($1, $1, 'x', 'admin')`,
      [id],
    );

  async function* letters() {
    yield { subject: 'dead-letter.v1.strategy', headers: {}, data: new Uint8Array([1]) };
  }

  async function present() {
    const schemas = await world.sql`select nspname as name from pg_namespace where nspname like ${`${to}%`} order by 1`;
    const counts = await countMessages(world.address(to), ['DEAD_LETTERS']);
    return {
      schemas: schemas.map(({ name }) => String(name).slice(to.length + 1)),
      users: (await world.rowsOf(to, 'gateway', 'users')).map((row) => row['id']),
      letters: counts.get('DEAD_LETTERS'),
    };
  }

  const untouched = { schemas: ['gateway', 'notifications'], users: ['mine'], letters: 1 };
  const restored = { schemas: ['gateway', 'risk'], users: ['from-the-back-up'], letters: 0 };

  it('takes all of it away, and nothing before the new is complete', async () => {
    expect(await present()).toEqual(untouched);
    expect((await world.run(to, 'restore', folder, '--replace')).code).toBe(0);
    expect(await present()).toEqual(restored);
  });

  it('that fails when nearly all is filled leaves everything as it was', async () => {
    world.forge(folder, (manifest) => {
      const schemas = manifest['schemas'] as { tables: { name: string; rows: number }[] }[];
      const last = schemas.flatMap(({ tables }) => tables).at(-1);
      if (last === undefined) throw new Error('no table');
      last.rows += 1;
    });
    const refused = await world.run(to, 'restore', folder, '--replace');
    expect(refused).toMatchObject({ code: 1, fault: 'RESTORE_DIFFERS' });
    expect(await present()).toEqual(untouched);
  });

  it('waits for nobody who still reads there, and leaves everything as it was', async () => {
    const held = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const reader = world.sql.begin(async (tx) => {
      await tx.unsafe(`lock table ${world.place(to, 'notifications', 'profiles')} in access share mode`);
      held.resolve();
      await done.promise;
    });
    await held.promise;
    try {
      const refused = await world.run(to, 'restore', folder, '--replace');
      expect(refused).toMatchObject({ code: 1, fault: 'PLATFORM_RUNNING' });
      expect(refused.text).toContain('somebody uses the tables');
      expect(await present()).toEqual(untouched);
    } finally {
      done.resolve();
      await reader;
    }
  });

  it('clears away what one has left that was cut off', async () => {
    const left = `${world.place(to, 'gateway', '').slice(0, -1)}_restoring`;
    await world.sql.unsafe(`create schema ${left}`);
    await world.sql.unsafe(`create table ${left}.users (half text)`);
    expect((await world.run(to, 'restore', folder, '--replace')).code).toBe(0);
    expect(await present()).toEqual(restored);
  });
});
