import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { describeWithServers, uniqueNamespace } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { migrationsFolder } from '../test/scratch-store.js';
import { lockValueOf, migrate, migrateTo, schemaName, unknownMigrations } from './migrate.js';

describeWithServers('migrate', ({ postgresUrl }) => {
  let schema: string;
  let folder: string;
  let sql: postgres.Sql;
  const log = new RecordingLog();

  beforeEach(() => {
    schema = schemaName(`${uniqueNamespace()}-x`, 'store');
    folder = mkdtempSync(join(tmpdir(), 'scalpstorm-migrations-'));
    sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
  });

  afterEach(async () => {
    await sql.unsafe(`drop schema if exists ${schema} cascade`);
    await sql.end();
    rmSync(folder, { recursive: true });
  });

  const tables = async () => {
    const rows = await sql<{ name: string }[]>`
      select table_name as name from information_schema.tables where table_schema = ${schema} order by 1`;
    return rows.map((row) => row.name);
  };

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

  it('makes the schema, the outbox and inbox, and the tables of the service', async () => {
    await migrate({ url: postgresUrl, schema, folder: pathToFileURL(migrationsFolder).href, log });
    expect(schema).toMatch(/^t[0-9a-f]+_x_store$/);
    const own = ['inbox', 'lease', 'migrations', 'outbox', 'outbox_refused', 'platform_migrations'];
    const audit = ['audit_checkpoints', 'audit_heads', 'audit_records'];
    expect(await tables()).toEqual(['entries', 'notes', ...own, ...audit].sort());
  });

  it('is harmless when it runs again', async () => {
    write('001_first.sql', 'create table first (id int);');
    await migrate({ url: postgresUrl, schema, folder, log });
    await sql.unsafe(`insert into ${schema}.first values (1)`);
    await migrate({ url: postgresUrl, schema, folder, log });
    expect(await sql.unsafe(`select * from ${schema}.first`)).toHaveLength(1);
  });

  it('waits for nobody when nothing is left to do', async () => {
    write('001_first.sql', 'create table first (id int);');
    await migrate({ url: postgresUrl, schema, folder, log });
    await sql.begin(async (tx) => {
      // As one does who migrates: another one who had something to do would wait for it.
      await tx`select pg_advisory_xact_lock(${lockValueOf(schema)})`;
      await migrate({ url: postgresUrl, schema, folder, log });
    });
  });

  it('applies only what is new, in the order of the numbers', async () => {
    write('001_first.sql', 'create table first (id int);');
    await migrate({ url: postgresUrl, schema, folder, log });
    write('010_third.sql', 'alter table second add column more int;');
    write('002_second.sql', 'create table second (id int);');
    await migrate({ url: postgresUrl, schema, folder, log });
    const rows = await sql.unsafe(`select name from ${schema}.migrations order by id`);
    expect(rows.map((row) => row['name'])).toEqual(['001_first', '002_second', '010_third']);
  });

  it('lets processes that start at once take turns', async () => {
    write('001_first.sql', 'create table first (id int); select pg_sleep(0.1);');
    await Promise.all(Array.from({ length: 4 }, () => migrate({ url: postgresUrl, schema, folder, log })));
    const rows = await sql.unsafe(`select name from ${schema}.migrations`);
    expect(rows).toHaveLength(1);
  });

  it('leaves nothing of a migration that fails, nor of those before it in the same run', async () => {
    write('001_first.sql', 'create table first (id int);');
    write('002_broken.sql', 'create table second (id int); select nonsense;');
    await expect(migrate({ url: postgresUrl, schema, folder, log })).rejects.toThrow('nonsense');
    expect(await tables()).not.toContain('first');
    expect(await tables()).not.toContain('second');
  });

  it.each([
    ['1_short.sql', 'is not named NNN_name.sql'],
    ['001-hyphen.sql', 'is not named NNN_name.sql'],
    ['notes.txt', 'is not named NNN_name.sql'],
  ])('refuses the file %s before it touches anything', async (name, message) => {
    write(name, 'create table x (id int);');
    await expect(migrate({ url: postgresUrl, schema, folder, log })).rejects.toThrow(message);
    expect(await tables()).toEqual([]);
  });

  it('goes exactly as far as another schema went, and the rest of the way later', async () => {
    write('001_first.sql', 'create table first (id int);');
    write('002_second.sql', 'create table second (id int);');
    const place = { url: postgresUrl, schema, folder, log };
    await migrateTo(place, { store: ['001_outbox_inbox'], own: ['001_first'] });
    expect(await tables()).toEqual(['first', 'inbox', 'migrations', 'outbox', 'platform_migrations']);
    await migrate(place);
    expect(await tables()).toEqual(expect.arrayContaining(['first', 'outbox_refused', 'second']));
  });

  it('names the migrations of another schema that are not here', () => {
    write('001_first.sql', 'create table first (id int);');
    expect(unknownMigrations(folder, { store: ['001_outbox_inbox', '099_x'], own: ['001_first', '002_y'] })).toEqual([
      '099_x',
      '002_y',
    ]);
  });

  it('refuses tables that a later version has migrated, by name and with a next step, and changes nothing', async () => {
    write('001_first.sql', 'create table first (id int);');
    write('002_later.sql', 'create table second (id int);');
    await migrate({ url: postgresUrl, schema, folder, log });
    rmSync(join(folder, '002_later.sql'));
    await expect(migrate({ url: postgresUrl, schema, folder, log })).rejects.toMatchObject({
      code: 'SCHEMA_NEWER',
      message: expect.stringContaining('002_later'),
      next: expect.stringContaining('SCHEMA_NEWER=accept'),
    });
    await sql.unsafe(`insert into ${schema}.platform_migrations (name, run_on) values ('099_of_the_store', now())`);
    await expect(migrate({ url: postgresUrl, schema, folder, log })).rejects.toThrow('099_of_the_store, 002_later');
    await migrate({ url: postgresUrl, schema, folder, log, newer: 'accept' });
    expect(log.lines.findLast(({ level }) => level === 'warn')).toMatchObject({
      fields: { unknown: ['099_of_the_store', '002_later'] },
    });
  });

  it('does not wait for a server that does not let it in', async () => {
    const url = new URL(postgresUrl);
    url.username = 'nobody_of_that_name';
    const quiet = new RecordingLog();
    await expect(migrate({ url: url.href, schema, folder, log: quiet })).rejects.toMatchObject({
      code: expect.stringMatching(/^28(P01|000)$/),
    });
    expect(quiet.lines).toEqual([]);
  });

  it('refuses two files with one number', async () => {
    write('001_a.sql', 'select 1;');
    write('001_b.sql', 'select 1;');
    await expect(migrate({ url: postgresUrl, schema, folder, log })).rejects.toThrow('two migrations 001');
  });
});
