import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers, eventually } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { type Answered, GatewayRig, type Member, password } from './gateway-rig.js';

describeWithServers('shutting a user out, on real servers', (servers) => {
  let rig: GatewayRig;
  let admin: Member;
  let users = 0;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    admin = await rig.setUp();
  });
  afterAll(() => rig.close());

  const newUser = async (role = 'trader') => {
    users += 1;
    const email = `user${users}@example.com`;
    const member = await rig.addUser(admin.token, email, role);
    return { ...member, email };
  };
  const logIn = async (email: string, secret = password) =>
    (await rig.ask('POST', '/v1/auth/login', { body: { email, password: secret } })).body;
  const command = async (token: string) => (await rig.ask('POST', '/v1/halt', { token, body: {} })).status;
  const reading = async (token: string) => (await rig.ask('GET', '/v1/me', { token })).status;
  const edit = (id: string, body: object, token = admin.token) => rig.ask('PATCH', `/v1/users/${id}`, { token, body });

  it('an access token gives no command after the log-out, and soon no reading', async () => {
    const { email } = await newUser();
    const { accessToken, refreshToken } = await logIn(email);
    const other = await logIn(email);
    expect([await command(accessToken), await reading(accessToken)]).toEqual([200, 200]);
    await rig.ask('POST', '/v1/auth/logout', { body: { refreshToken } });
    expect(await command(accessToken)).toBe(401);
    await eventually(async () => expect(await reading(accessToken)).toBe(401), { timeoutMs: 20_000 });
    expect(await command(other.accessToken)).toBe(200);
  });

  it('a user who is disabled is out at once, with every session and key, until enabled again', async () => {
    const { userId, token, email } = await newUser();
    const wanted = { label: 'robot', scopes: ['read', 'trade'] };
    const { key } = (await rig.ask('POST', '/v1/api-keys', { token, body: wanted })).body;
    const { refreshToken } = await logIn(email);
    expect(await reading(key)).toBe(200);
    expect((await edit(userId, { disabled: true })).status).toBe(200);
    expect([await command(token), await reading(key)]).toEqual([401, 401]);
    expect((await rig.ask('POST', '/v1/auth/refresh', { body: { refreshToken } })).status).toBe(401);
    expect((await rig.ask('POST', '/v1/auth/login', { body: { email, password } })).status).toBe(401);
    await edit(userId, { disabled: false });
    expect(await command(token)).toBe(401);
    expect(await command((await logIn(email)).accessToken)).toBe(200);
  });

  it('a role counts at once, whatever the token says', async () => {
    const { userId, token } = await newUser();
    expect(await command(token)).toBe(200);
    expect((await edit(userId, { role: 'viewer' })).body).toMatchObject({ id: userId, role: 'viewer' });
    expect(await command(token)).toBe(403);
  });

  it('nobody but an administrator changes a user, and none changes their own access', async () => {
    const { userId, token } = await newUser();
    expect((await edit(admin.userId, { disabled: true }, token)).status).toBe(403);
    expect((await edit(admin.userId, { role: 'viewer' })).body).toMatchObject({ code: 'BAD_REQUEST' });
    expect((await edit('usr_nobody', { role: 'viewer' })).status).toBe(404);
    expect((await edit(userId, {})).status).toBe(422);
    expect((await edit(userId, { rolle: 'viewer' })).status).toBe(422);
  });

  it('of two administrators who disable each other at once, one stays', async () => {
    const [one, other] = await Promise.all([newUser('admin'), newUser('admin')]);
    // The first steps back, so that these two are all there are.
    expect((await edit(admin.userId, { role: 'viewer' }, one.token)).status).toBe(200);
    const answers = await Promise.all([
      edit(other.userId, { disabled: true }, one.token),
      edit(one.userId, { role: 'viewer' }, other.token),
    ]);
    const done = answers.filter(({ status }) => status === 200);
    expect(done).toHaveLength(1);
    const refused = answers.find(({ status }) => status !== 200);
    // The later one was refused as the last, or came when its own role was gone already.
    expect(['LAST_ADMINISTRATOR', 'UNAUTHENTICATED', 'FORBIDDEN']).toContain(refused?.body.code);
    const rows = await rig.sql("select id from users where role = 'admin' and not disabled");
    expect(rows).toHaveLength(1);
    const left = rows[0]?.['id'] === one.userId ? one : other;
    expect((await edit(admin.userId, { role: 'admin' }, left.token)).status).toBe(200);
    for (const { userId } of [one, other]) await edit(userId, { role: 'viewer' });
  });

  it('the last administrator is not demoted by one who was disabled in the same moment', async () => {
    const { userId } = await newUser('admin');
    const sql = postgres(servers.postgresUrl, { max: 2, onnotice: () => undefined });
    const users = sql(`${rig.world.place.namespace.replaceAll('-', '_')}_gateway.users`);
    const wanted: { answer?: Promise<Answered> } = {};
    await sql.begin(async (tx) => {
      const [own] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
      await tx`UPDATE ${users} SET disabled = true WHERE id = ${admin.userId}`;
      wanted.answer = edit(userId, { role: 'viewer' });
      // It was let in before, and waits for the row.
      await eventually(async () => {
        const waiting = await sql`SELECT 1 FROM pg_stat_activity WHERE ${own?.pid ?? 0} = ANY (pg_blocking_pids(pid))`;
        expect(waiting).toHaveLength(1);
      });
    });
    expect(await wanted.answer).toMatchObject({ status: 409, body: { code: 'LAST_ADMINISTRATOR' } });
    await sql`UPDATE ${users} SET disabled = false WHERE id = ${admin.userId}`;
    await sql.end();
    expect((await edit(userId, { role: 'viewer' })).body).toMatchObject({ role: 'viewer' });
  });

  it('a change of password ends every session and opens the next', async () => {
    const { token, email } = await newUser();
    const other = await logIn(email);
    const change = (currentPassword: string, newPassword: string) =>
      rig.ask('POST', '/v1/me/password', { token, body: { currentPassword, newPassword } });
    const next = 'a calm sea makes no sailor';
    expect((await change('not the password', next)).body).toMatchObject({
      status: 422,
      errors: [{ pointer: '/currentPassword', code: 'PASSWORD_WRONG' }],
    });
    expect((await change(password, 'short')).body).toMatchObject({ errors: [{ pointer: '/newPassword' }] });
    expect(await command(token)).toBe(200);
    const changed = await change(password, next);
    expect(changed.status).toBe(200);
    expect([await command(token), await command(other.accessToken)]).toEqual([401, 401]);
    expect(await command(changed.body.accessToken)).toBe(200);
    expect((await rig.ask('POST', '/v1/auth/login', { body: { email, password } })).status).toBe(401);
    expect((await logIn(email, next)).accessToken).toBeDefined();
  });

  it('a user sees where they are logged in, and ends one session of their own and no other', async () => {
    const { token, email } = await newUser();
    const lost = await logIn(email);
    const stranger = await newUser();
    const { body } = await rig.ask('GET', '/v1/sessions', { token });
    expect(body.data.map(({ current }: { current: boolean }) => current).sort()).toEqual([false, true]);
    const { id } = body.data.find(({ current }: { current: boolean }) => !current);
    expect((await rig.ask('DELETE', `/v1/sessions/${id}`, { token: stranger.token })).status).toBe(404);
    expect(await command(lost.accessToken)).toBe(200);
    expect((await rig.ask('DELETE', `/v1/sessions/${id}`, { token })).status).toBe(204);
    expect([await command(lost.accessToken), await command(token)]).toEqual([401, 200]);
    expect((await rig.ask('DELETE', `/v1/sessions/${id}`, { token })).status).toBe(404);
  });
});
