import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { TestPlatform } from './platform.js';

interface Verified {
  readonly intact: boolean;
  readonly chains: readonly { readonly chain: string; readonly rows: number; readonly through: number }[];
}

interface Listed {
  readonly data: readonly { readonly kind: string }[];
  readonly nextCursor: string | null;
}

describeWithServers('scalpstorm audit', ({ postgresUrl, ...servers }) => {
  let platform: TestPlatform;
  let sql: postgres.Sql;

  beforeAll(async () => {
    platform = await TestPlatform.start({ postgresUrl, ...servers });
    await platform.setUp();
    await platform.logIn();
    const schema = `${platform.world.place.namespace.replaceAll('-', '_')}_gateway`;
    sql = postgres(postgresUrl, { max: 1, onnotice: () => undefined, connection: { search_path: schema } });
  });
  afterAll(async () => {
    await sql.end();
    await platform.close();
  });

  const gateway = ['audit', 'verify', '--service', 'gateway'];
  const anchors = (...lines: readonly object[]): string => {
    const file = join(platform.home, 'anchors.log');
    writeFileSync(file, ['not JSON', ...lines.map((line) => JSON.stringify(line))].join('\n'));
    return file;
  };

  it('lists the chains, and says of which services nobody answered', async () => {
    expect((await platform.run(['audit'])).stdout).toContain('gateway\taccess\t');
    const ran = await platform.run(['audit', 'verify']);
    expect(ran).toMatchObject({ code: 4, stderr: expect.stringContaining('execution, risk-gate did not answer') });
    expect(ran.stdout).toMatch(/gateway\taccess\t.*\tintact/);
    expect(await platform.run(['audit', 'verify', '--chain', 'none'])).toMatchObject({ code: 2 });
  });

  it('lists who did what, when, newest first, page by page', async () => {
    const newest = (await platform.json(['audit', 'list', '--limit', '1'])) as Listed;
    expect(newest).toMatchObject({ hasMore: true, data: [{ kind: 'logged-in', chain: 'access' }] });
    const next = ['audit', 'list', '--after', newest.nextCursor ?? '', '--kind', 'user-created'];
    const { data } = (await platform.json(next)) as Listed;
    expect(data.map(({ kind }) => kind)).toEqual(['user-created']);
    const ran = await platform.run(['audit', 'list', '--since', '2199-01-01T00:00:00Z', '--json']);
    expect(JSON.parse(ran.stdout)).toMatchObject({ data: [] });
    expect(await platform.run(['audit', 'list', '--since', 'yesterday'])).toMatchObject({ code: 3 });
  });

  it('lists what was unusual, or that nothing was', async () => {
    expect(await platform.json(['audit', 'anomalies'])).toMatchObject({ data: [] });
    const found = { rule: 'api-key-refusals', subject: 'key_1', text: 'The API key key_1 was refused 50 times.' };
    await sql`insert into anomalies (rule, subject, detail, text, evidence, found_at)
      values (${found.rule}, ${found.subject}, '', ${found.text}, '{}', 1)`;
    expect((await platform.run(['audit', 'anomalies', '--rule', found.rule])).stdout).toContain(found.text);
    expect(await platform.json(['audit', 'anomalies', '--subject', 'key_2'])).toMatchObject({ data: [] });
  });

  it('verifies a chain from its beginning to its end', async () => {
    const { intact, chains } = (await platform.json(gateway)) as Verified;
    expect(intact).toBe(true);
    expect(chains).toMatchObject([{ chain: 'access', from: 1, fault: null }]);
    expect(chains[0]?.rows).toBeGreaterThan(2);
    expect(chains[0]?.through).toBe(chains[0]?.rows);
  });

  it('holds it against anchors that were kept elsewhere', async () => {
    const [row] = await sql`select sequence, encode(hash, 'hex') as hash from audit_records where sequence = 2`;
    const line = { service: 'gateway', chain: 'access', sequence: 2 };
    const right = anchors({ ...line, chainHash: row?.['hash'] }, { service: 'execution' });
    expect(await platform.run([...gateway, '--anchors', right])).toMatchObject({ code: 0 });
    const other = anchors({ ...line, hash: 'ab'.repeat(32) });
    const ran = await platform.run([...gateway, '--anchors', other]);
    expect(ran).toMatchObject({ code: 1, stderr: expect.stringContaining('rewritten: row 2 is not the one') });
    expect(await platform.run([...gateway, '--anchors', anchors()])).toMatchObject({ code: 2 });
  });

  it('names the first bad row, and what to do', async () => {
    await sql.unsafe(`alter table audit_records disable trigger user;
      update audit_records set actor = 'somebody else' where sequence = 2`);
    const ran = await platform.run(gateway);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('AUDIT_BROKEN: gateway, chain access, row 2 (logged-in');
    expect(ran.stderr).toContain('back-up');
    expect(ran.stdout).toContain('edited at 2');
  });
});
