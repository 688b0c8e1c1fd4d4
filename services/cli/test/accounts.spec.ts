import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { type Furnished, furnished } from './furnished.js';
import { password, type TestPlatform } from './platform.js';

const secrets = { input: 'the-key\nthe-secret\n' };
const add = ['venue-accounts', 'add', '--label', 'mine', '--venue', 'sim'];

describeWithServers('what a user sets up with scalpstorm', (servers) => {
  let platform: TestPlatform;
  let whole: Furnished;

  beforeAll(async () => {
    whole = await furnished(servers);
    ({ platform } = whole);
  });
  afterAll(() => platform.close());

  describe('venue accounts', () => {
    it('are added with secrets from standard input, tested, rotated and removed', async () => {
      const { venueAccounts } = platform.services;
      const added = await platform.run([...add, '--mode', 'demo', '--secrets-stdin'], secrets);
      expect(added).toMatchObject({ code: 0, stderr: 'warning: this key may withdraw\n' });
      expect(added.stdout).toMatch(/^added mine \(\S+\), enabled, key …\S*; may trade: yes, may withdraw: yes\n$/);
      expect(JSON.parse(venueAccounts.opened.at(-1) ?? '')).toMatchObject({ apiKey: 'the-key', secret: 'the-secret' });

      const rotated = { input: 'new-key\n-----BEGIN\nof lines\n-----END\n' };
      expect(await platform.json(['venue-accounts', 'rotate', 'mine', '--secrets-stdin'], rotated)).toMatchObject({
        label: 'mine',
      });
      expect(JSON.parse(venueAccounts.opened.at(-1) ?? '')).toMatchObject({
        apiKey: 'new-key',
        secret: '-----BEGIN\nof lines\n-----END',
      });
      expect(await platform.json(['venue-accounts', 'disable', 'mine'])).toMatchObject({ state: 'disabled' });
      expect(await platform.json(['venue-accounts', 'enable', 'mine'])).toMatchObject({ state: 'enabled' });
      expect(await platform.json(['venue-accounts', 'test', 'mine'])).toMatchObject({ check: { mayTrade: true } });
      expect(await platform.json(['venue-accounts', 'rename', 'mine', 'ours'])).toMatchObject({ label: 'ours' });
      expect((await platform.run(['venue-accounts'])).stdout).toMatch(/\tours\tsim\tdemo\tenabled\t…\S*\tyes\tyes\t/);
      expect(await platform.json(['venue-accounts', 'show', 'ours'])).not.toHaveProperty('secret');

      expect(await platform.run(['venue-accounts', 'remove', 'ours'])).toMatchObject({ code: 2 });
      expect(await platform.run(['venue-accounts', 'remove', 'ours', '--yes'])).toMatchObject({ code: 0 });
      expect(await platform.json(['venue-accounts', 'list'])).toMatchObject({ data: [] });
    });

    it.each([
      ['without a secret, and nobody there to ask', [...add, '--mode', 'demo'], 2, '--secrets-stdin'],
      ['with half of a secret', [...add, '--mode', 'demo', '--secrets-stdin'], 2, 'SECRET_MISSING'],
      ['of real money that nobody confirms', [...add, '--mode', 'live', '--secrets-stdin'], 2, 'real money'],
      ['without a mode', add, 2, '--mode is missing'],
      ['that is none', ['venue-accounts', 'test', 'yours'], 3, 'venue-accounts list'],
    ])('%s is refused', async (_, args, code, hint) => {
      const before = platform.services.venueAccounts.opened.length;
      const ran = await platform.run(args, { input: 'only-a-key\n' });
      expect(ran).toMatchObject({ code, stderr: expect.stringContaining(hint) });
      expect(ran.stdout + ran.stderr).not.toContain('only-a-key');
      expect(platform.services.venueAccounts.opened).toHaveLength(before);
    });

    it('of real money says that this is meant', async () => {
      const ran = await platform.run([...add, '--mode', 'live', '--secrets-stdin', '--yes'], secrets);
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining(', LIVE)') });
    });
  });

  it('API keys are shown once, work within their scope, and end when they are revoked', async () => {
    const made = await platform.run(['api-keys', 'create', '--label', 'robot', '--address', '127.0.0.0/8']);
    const key = made.stdout.trim();
    expect(made.stderr).toContain('"robot" may read');
    const robot = { environment: { SCALPSTORM_TOKEN: key } };
    expect(await platform.run(['bots', 'list'], robot)).toMatchObject({ code: 0 });
    expect(await platform.run(['bots', 'start', 'grid-eth'], robot)).toMatchObject({ code: 3 });
    const { stdout } = await platform.run(['api-keys']);
    expect(stdout).toContain('\trobot\tread\t127.0.0.0/8\t');
    expect(stdout).not.toContain(key);
    expect(await platform.run(['api-keys', 'revoke', 'robot'])).toMatchObject({ code: 2 });
    expect(await platform.run(['api-keys', 'revoke', 'robot', '--yes'])).toMatchObject({ code: 0 });
    expect(await platform.run(['bots', 'list'], robot)).toMatchObject({ code: 5 });
    expect(await platform.run(['api-keys', 'create'])).toMatchObject({ code: 2 });
    const elsewhere = await platform.run(['api-keys', 'create', '--label', 'x', '--address', 'nowhere']);
    expect(elsewhere).toMatchObject({ code: 3, stderr: expect.stringContaining('/allowedAddresses/0') });
  });

  describe('notifications', () => {
    const last = () => platform.services.notifications.commands.at(-1);

    it('are shown channel by channel, with what could not be delivered', async () => {
      const { stdout } = await platform.run(['notifications']);
      expect(stdout).toContain('telegram\tup\t@ann (chat1)\tINFO\t');
      expect(stdout).toContain('email\tdown\tann@example.com (not verified)\tWARNING\t');
      expect(stdout).toContain('17\temail\ta fill\t550\t24\t');
    });

    it.each([
      [['unlink-telegram', 'chat1', '--yes'], { kind: 'unlink-telegram', linkId: 'chat1' }],
      [['set-email', 'ann@example.com'], { kind: 'set-email', address: 'ann@example.com' }],
      [['verify-email', 'CODE1'], { kind: 'verify-email', code: 'CODE1' }],
      [['remove-email', '--yes'], { kind: 'remove-email' }],
      [['remove-webhook', '--yes'], { kind: 'remove-webhook' }],
      [['test', 'telegram'], { kind: 'test', channel: 'telegram' }],
      [['retry', '17'], { kind: 'retry', deliveryId: '17' }],
    ])('%j is passed on', async (args, command) => {
      expect(await platform.run(['notifications', ...args])).toMatchObject({ code: 0 });
      expect(last()).toMatchObject({ ...command, userId: whole.userId });
    });

    it('codes and secrets stand alone on stdout', async () => {
      expect((await platform.run(['notifications', 'link-telegram'])).stdout).toBe('/link ABCDEFGH23\n');
      const webhook = await platform.run(['notifications', 'set-webhook', 'https://hooks.example.com/']);
      expect(webhook.stdout).toBe('whsec_of_the_test\n');
      expect(await platform.run(['notifications', 'remove-webhook'])).toMatchObject({ code: 2 });
    });

    it('preferences change in what is named and in nothing else', async () => {
      const args = ['--quiet', '22:00-07:00', '--level', 'email=ERROR', '--mute', 'order-filled:telegram'];
      await platform.json(['notifications', 'preferences', ...args, '--unmute', 'order-placed:email']);
      expect(last()).toMatchObject({
        kind: 'set-preferences',
        preferences: {
          timeZone: 'UTC',
          quietHours: { from: '22:00', to: '07:00' },
          levels: { telegram: 'INFO', email: 'ERROR', webhook: 'INFO' },
          muted: [{ kind: 'order-filled', channel: 'telegram' }],
        },
      });
      const wrong = await platform.run(['notifications', 'preferences', '--quiet', 'always']);
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('22:00-07:00') });
    });
  });

  it('lets others in, with a password that is piped', async () => {
    const args = ['users', 'create', '--email', 'viewer@example.com', '--role', 'viewer', '--password-stdin'];
    expect(await platform.json(args, { input: `${password}\n` })).toMatchObject({ role: 'viewer' });
    expect((await platform.run(['users'])).stdout).toContain('\tviewer@example.com\tviewer');
    expect(await platform.run(args.slice(0, -1))).toMatchObject({ code: 2, stderr: expect.stringContaining('pipe') });
  });

  it('gives a user another role, shuts them out, and lets them in again', async () => {
    const who = 'Lifted@example.com';
    const args = ['users', 'create', '--email', who, '--password-stdin'];
    await platform.run(args, { input: `${password}\n` });
    expect(await platform.json(['users', 'role', who, 'risk'])).toMatchObject({ role: 'risk', disabled: false });
    const refused = { code: 2, stderr: expect.stringContaining('--yes') };
    expect(await platform.run(['users', 'disable', who])).toMatchObject(refused);
    expect((await platform.run(['users', 'disable', who, '--yes'])).stdout).toContain('is shut out');
    expect((await platform.run(['users'])).stdout).toContain('\tlifted@example.com\trisk\tdisabled');
    expect(await platform.json(['users', 'enable', who])).toMatchObject({ disabled: false });
    const unknown = await platform.run(['users', 'role', 'liftet@example.com', 'viewer']);
    expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining("did you mean 'lifted@example.com'?") });
    const noRole = await platform.run(['users', 'role', who, 'emperor']);
    expect(noRole).toMatchObject({ code: 3, stderr: expect.stringContaining('/role') });
  });
});
