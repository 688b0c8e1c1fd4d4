import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { furnished } from './furnished.js';
import { email, password, type TestPlatform } from './platform.js';

describeWithServers('the log-in and exit codes of scalpstorm', (servers) => {
  let platform: TestPlatform;
  let token: string;

  beforeAll(async () => {
    ({ platform, token } = await furnished(servers));
  });
  afterAll(() => platform.close());

  describe('logging in', () => {
    it('keeps the log-in where only its owner can read it, and says nothing secret', async () => {
      const said = await platform.logIn();
      expect(said).toEqual({ code: 0, stdout: `logged in at ${platform.url} as ${email}\n`, stderr: '' });
      expect((await stat(join(platform.home, '.config/scalpstorm/default.json'))).mode & 0o777).toBe(0o600);
      expect((await stat(join(platform.home, '.config/scalpstorm'))).mode & 0o777).toBe(0o700);
      const kept = await platform.profile();
      expect(kept).not.toContain(password);
      const { token: accessToken } = JSON.parse(kept) as { token: string };
      expect(said.stdout + (await platform.run(['whoami'])).stdout).not.toContain(accessToken);
    });

    it('renews an access token that is about to expire', async () => {
      const before = JSON.parse(await platform.profile()) as Record<string, string>;
      const file = join(platform.home, '.config/scalpstorm/default.json');
      await writeFile(
        file,
        JSON.stringify({ ...before, token: 'worn.out.token', expiresAt: '2020-01-01T00:00:00.000Z' }),
      );
      expect(await platform.json(['whoami'])).toMatchObject({ email });
      const after = JSON.parse(await platform.profile()) as Record<string, string>;
      expect(after['refreshToken']).not.toBe(before['refreshToken']);
    });

    it('takes a token from standard input or from the environment', async () => {
      const elsewhere = { environment: { SCALPSTORM_PROFILE: 'other' } };
      expect(await platform.run(['login', '--token-stdin'], { input: token, ...elsewhere })).toMatchObject({ code: 0 });
      expect(await platform.json(['whoami'], elsewhere)).toMatchObject({ email });
      const nobody = { environment: { SCALPSTORM_PROFILE: 'nobody', SCALPSTORM_TOKEN: token } };
      expect(await platform.json(['whoami'], nobody)).toMatchObject({ email });
      expect(await platform.run(['logout', '--profile', 'other'])).toMatchObject({ code: 0, stdout: 'logged out\n' });
      expect(await platform.run(['whoami'], elsewhere)).toMatchObject({ code: 5 });
    });

    it('never sends a token to another address than the one that gave it', async () => {
      const ran = await platform.run(['whoami', '--url', 'http://127.0.0.1:9']);
      expect(ran).toMatchObject({ code: 5, stderr: expect.stringContaining('NOT_LOGGED_IN') });
    });
  });

  describe('exit codes', () => {
    it.each([
      ['a command that is none', ['bots', 'lst'], 2, "did you mean 'list'?"],
      ['an option that is none', ['orders', '--statu', 'open'], 2, 'Did you mean --status?'],
      ['a command of the top that is none', ['bost'], 2, 'Did you mean bots?'],
      ['nothing to do it to', ['bots', 'start'], 2, 'missing required argument'],
      ['a limit that is none', ['fills', '--limit', 'many'], 2, '1 to 500'],
      ['nobody to say yes', ['halt'], 2, '--yes'],
      ['a halt of no level', ['halt', '--level', 'panic', '--yes'], 2, 'halt, cancel, flatten'],
      ['a password without a pipe', ['login', '--email', email], 2, '--password-stdin'],
      ['a bot that is none', ['bots', 'show', 'grd-eth'], 3, "did you mean 'grid-eth'?"],
      ['an order that is none', ['orders', 'show', 'nothing1'], 3, 'NOT_FOUND'],
      ['a value that the platform refuses', ['orders', '--status', 'odd'], 3, '/status'],
      ['an address where nobody is', ['whoami', '--url', 'http://127.0.0.1:9'], 5, 'scalpstorm login'],
    ])('%s', async (_, args, code, hint) => {
      const ran = await platform.run(args);
      expect(ran).toMatchObject({ code, stdout: '', stderr: expect.stringContaining(hint) });
    });

    it('an address where nobody answers', async () => {
      const environment = { SCALPSTORM_TOKEN: token, SCALPSTORM_URL: 'http://127.0.0.1:9' };
      const ran = await platform.run(['bots'], { environment });
      expect(ran).toMatchObject({ code: 4, stderr: expect.stringMatching(/UNREACHABLE.*\n.*npm start/) });
    });

    it('a token that is none', async () => {
      const ran = await platform.run(['bots'], { environment: { SCALPSTORM_TOKEN: 'no.such.token' } });
      expect(ran).toMatchObject({ code: 5, stderr: expect.stringContaining('UNAUTHENTICATED') });
    });

    it('a wrong password, without repeating it', async () => {
      const ran = await platform.run(['login', '--email', email, '--password-stdin'], { input: 'wrong guess' });
      expect(ran).toMatchObject({ code: 5, stderr: expect.stringContaining('WRONG_CREDENTIALS') });
      expect(ran.stdout + ran.stderr).not.toContain('wrong guess');
    });

    it('with --json, the error is JSON on stdout, too', async () => {
      const { code, stdout } = await platform.run(['orders', '--status', 'odd', '--json']);
      expect([code, JSON.parse(stdout)]).toEqual([
        3,
        {
          error: expect.objectContaining({
            code: 'VALIDATION_FAILED',
            errors: [expect.objectContaining({ pointer: '/status' })],
          }),
        },
      ]);
      expect(JSON.parse((await platform.run(['bots', '--jsn', '--json'])).stdout)).toMatchObject({
        error: { code: 'ASKED_WRONGLY' },
      });
    });
  });

  it('lists the log-ins and ends one', async () => {
    const elsewhere = { environment: { SCALPSTORM_PROFILE: 'lost' } };
    await platform.run(['login', '--email', email, '--password-stdin'], { input: `${password}\n`, ...elsewhere });
    const { data } = (await platform.json(['sessions'], elsewhere)) as { data: { id: string; current: boolean }[] };
    const lost = data.find(({ current }) => current)?.id ?? '';
    expect(data.length).toBeGreaterThan(1);
    expect((await platform.run(['sessions', 'end', lost])).stdout).toBe(`session ${lost} has ended\n`);
    const again = await platform.run(['sessions', 'end', lost]);
    expect(again).toMatchObject({ code: 3, stderr: expect.stringContaining('NOT_FOUND') });
    expect(JSON.stringify(await platform.json(['sessions']))).not.toContain(lost);
  });

  it('changes the password and goes on in a session of its own', async () => {
    const next = 'a calm sea makes no sailor';
    const change = (input: string) => platform.run(['password', '--passwords-stdin'], { input });
    expect(await change(`${password}\n`)).toMatchObject({ code: 2, stderr: expect.stringContaining('second') });
    expect(await platform.run(['password'])).toMatchObject({ code: 2, stderr: expect.stringContaining('stdin') });
    const wrong = await change(`not it\n${next}\n`);
    expect(wrong).toMatchObject({ code: 3, stderr: expect.stringContaining('/currentPassword') });
    const changed = await change(`${password}\n${next}\n`);
    expect(changed).toMatchObject({ code: 0, stdout: expect.stringContaining('changed') });
    expect(changed.stdout + changed.stderr).not.toContain(next);
    expect(await platform.json(['whoami'])).toMatchObject({ email });
    expect((await change(`${next}\n${password}\n`)).code).toBe(0);
  });

  it('logs out on both sides', async () => {
    const { refreshToken } = JSON.parse(await platform.profile()) as { refreshToken: string };
    expect(await platform.run(['logout'])).toMatchObject({ code: 0, stdout: 'logged out\n' });
    const again = await fetch(`${platform.url}/v1/auth/refresh`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refreshToken }),
    });
    expect(again.status).toBe(401);
    expect(await platform.run(['logout'])).toMatchObject({ code: 0, stdout: 'nobody was logged in\n' });
  });
});
