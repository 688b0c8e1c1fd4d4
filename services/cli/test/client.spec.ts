import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { accountChanged, activityLogged, orderChanged } from '@scalpstorm/contracts';
import { BotId, ClientOrderId, TradeId, UserId } from '@scalpstorm/model';
import {
  aBot,
  aFill,
  anAccount,
  anActivity,
  anOrder,
  anOrderRequest,
  describeWithServers,
  eventually,
} from '@scalpstorm/testkit';
import { email, meta, password, schema, TestPlatform } from './platform.js';

const place = ['--account', 'demo', '--venue', 'sim', '--symbol', 'BTC-USDT', '--mode', 'demo'];
const botId = BotId.of('bot_cli00001');
const openOrder = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 1 });
const filledOrder = ClientOrderId.forSlot({ botId, cycle: 0, leg: 'entry', attempt: 2 });

describeWithServers('scalpstorm against a real gateway', (servers) => {
  let platform: TestPlatform;
  let userId: UserId;
  let token: string;

  beforeAll(async () => {
    platform = await TestPlatform.start(servers);
    token = await platform.setUp();
    expect(await platform.logIn()).toMatchObject({ code: 0 });
    userId = UserId.of(((await platform.json(['whoami'])) as { id: string }).id);
    await fill();
  });
  afterAll(() => platform.close());

  async function fill(): Promise<void> {
    const config = { ...aBot().config, name: 'grid-eth' };
    await platform.announce(aBot({ id: botId, userId, config }));
    const { bus } = platform.speakers.execution;
    for (const [clientOrderId, status] of [
      [openOrder, 'partially-filled'],
      [filledOrder, 'filled'],
    ] as const) {
      const request = anOrderRequest({ userId, clientOrderId, botId });
      const event = {
        kind: 'filled' as const,
        fill: aFill({ clientOrderId, tradeId: TradeId.of(`t${clientOrderId}`) }),
      };
      await bus.send(orderChanged, { meta: meta(), order: anOrder({ request, status, version: 1 }), event });
    }
    await bus.send(accountChanged, { meta: meta(), account: anAccount(), balances: [], positions: [] });
    const activity = anActivity({ userId, botId, level: 'INFO', text: 'two\nlines' });
    await platform.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity });
    await eventually(async () => {
      expect(((await platform.json(['fills'])) as { data: unknown[] }).data).toHaveLength(2);
      expect(((await platform.json(['activity'])) as { data: unknown[] }).data).toHaveLength(1);
      expect(((await platform.json(['bots'])) as { data: unknown[] }).data).toHaveLength(1);
    });
  }

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
      ['a command of the top that is none', ['bost'], 2, "did you mean 'bots'?"],
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

  describe('bots', () => {
    const last = () => platform.services.commands.at(-1);

    it('are listed as tab-separated lines in a pipe, and as the JSON of the API', async () => {
      const { stdout } = await platform.run(['bots', 'list', '--mode', 'demo']);
      const [titles = '', ...lines] = stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t'));
      expect([titles[0], titles[1], titles[3]]).toEqual(['ID', 'NAME', 'STATE']);
      expect(lines.find(([id]) => id === botId)?.slice(0, 5)).toEqual([
        botId,
        'grid-eth',
        'demo',
        'running',
        'BTC-USDT',
      ]);
      expect(stdout).not.toContain('\u001b');
      expect(await platform.json(['bots', 'show', 'grid-eth'])).toMatchObject({ id: botId, name: 'grid-eth' });
    });

    it('are created by flags that the schema of the strategy gives', async () => {
      const flags = [
        '--quantity',
        '0.001',
        '--buy-price.offset',
        '-3',
        '--buy-price.unit',
        'ticks',
        '--loop',
        'false',
        '--max-cycles=2',
      ];
      const ran = await platform.run([
        'bots',
        'create',
        '--name',
        'flags',
        '--strategy',
        'scalping-cycle',
        ...place,
        ...flags,
      ]);
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/^created flags \(bot_\d{8}\)/) });
      expect(last()).toMatchObject({
        kind: 'create',
        config: {
          name: 'flags',
          parameters: { quantity: '0.001', buyPrice: { offset: '-3', unit: 'ticks' }, loop: false, maxCycles: 2 },
        },
      });
    });

    it('are created from a file or standard input, with changes on top', async () => {
      const body = {
        name: 'file',
        strategy: 'scalping-cycle',
        account: 'demo',
        venue: 'sim',
        symbol: 'BTC-USDT',
        mode: 'demo',
        parameters: { quantity: '1', loop: true },
      };
      const file = join(platform.home, 'bot.json');
      await writeFile(file, JSON.stringify(body));
      await platform.json(['bots', 'create', '--from', file, '--set', 'quantity=2']);
      expect(last()).toMatchObject({ config: { name: 'file', parameters: { quantity: '2', loop: true } } });
      await platform.json(['bots', 'create', '--from', '-', '--name', 'piped'], { input: JSON.stringify(body) });
      expect(last()).toMatchObject({ config: { name: 'piped', parameters: { quantity: '1' } } });
    });

    it.each([
      ['a flag that the schema does not have', ['--quantty', '1'], 2, "did you mean '--quantity'?"],
      ['a strategy that is none', ['--strategy', 'scalping-cycl'], 3, "did you mean 'scalping-cycle'?"],
      ['a file that is none', ['--from', '/nonsense.json'], 2, 'FILE_NOT_FOUND'],
      ['a live bot that nobody confirms', ['--mode', 'live', '--quantity', '1'], 2, 'real money'],
    ])('are not created with %s', async (_, flags, code, hint) => {
      const before = platform.services.commands.length;
      const args = ['bots', 'create', '--name', 'x', '--strategy', 'scalping-cycle', ...place, ...flags];
      expect(await platform.run(args)).toMatchObject({ code, stderr: expect.stringContaining(hint) });
      expect(platform.services.commands).toHaveLength(before);
    });

    it('that the strategy refuses are told with field and next step', async () => {
      const obey = platform.services.onBot;
      const refusal = {
        code: 'PRICE_OFF_TICK',
        field: '/parameters/buyPrice',
        text: 'not a multiple',
        allowed: '0.01',
        next: 'Use 100.01',
      };
      platform.services.onBot = () => ({ ok: false, refusals: [refusal] });
      const ran = await platform.run(['bots', 'start', botId]);
      platform.services.onBot = obey;
      expect(ran).toMatchObject({ code: 3 });
      expect(ran.stderr).toMatch(
        /PRICE_OFF_TICK[\s\S]*\/parameters\/buyPrice: not a multiple[\s\S]*allowed: 0\.01[\s\S]*→ Use 100\.01[\s\S]*request /,
      );
    });

    it('are edited: only what changes is sent', async () => {
      expect(await platform.run(['bots', 'edit', 'grid-eth', '--set', 'quantity=0.5'])).toMatchObject({ code: 0 });
      expect(last()).toMatchObject({
        kind: 'edit',
        botId,
        name: null,
        parameters: expect.objectContaining({ quantity: '0.5' }),
      });
      expect(await platform.run(['bots', 'edit', 'grid-eth'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('NOTHING_TO_CHANGE'),
      });
    });

    it.each(['start', 'pause', 'resume', 'stop', 'flatten'])('%s', async (verb) => {
      const args = ['bots', verb, 'grid-eth', ...(verb === 'flatten' ? ['--yes'] : [])];
      expect(await platform.run(args)).toMatchObject({ code: 0, stdout: expect.stringContaining('grid-eth') });
      expect(last()).toMatchObject({ kind: 'verb', verb, botId });
    });

    it('one that does not obey does not keep the others, and the exit code tells', async () => {
      const other = BotId.of('bot_cli00002');
      await platform.announce(aBot({ id: other, userId }));
      await eventually(async () => expect((await platform.run(['bots', 'show', other])).code).toBe(0));
      const obey = platform.services.onBot;
      platform.services.onBot = (command) =>
        'botId' in command && command.botId === botId
          ? { ok: false, refusals: [{ code: 'BOT_BUSY', field: '', text: 'busy', allowed: '', next: '' }] }
          : obey(command);
      const ran = await platform.run(['bots', 'stop', botId, other]);
      platform.services.onBot = obey;
      expect(ran.code).toBe(3);
      expect(ran.stdout).toMatch(/grid-eth \(bot_cli00001\): BOT_BUSY[\s\S]*\(bot_cli00002\) is/);
    });

    it('are deleted only when that was confirmed', async () => {
      const before = platform.services.commands.length;
      expect(await platform.run(['bots', 'delete', 'flags'])).toMatchObject({ code: 2 });
      expect(platform.services.commands).toHaveLength(before);
      expect(await platform.json(['bots', 'delete', 'flags', '--yes'])).toEqual({
        deleted: expect.stringMatching(/^bot_/),
      });
      expect(last()).toMatchObject({ kind: 'delete' });
    });

    it('strategies are shown as the flags that they take', async () => {
      const { stdout } = await platform.run(['strategies', 'show', 'scalping-cycle']);
      expect(stdout).toContain('--buy-price.fixed');
      expect(stdout).toMatch(/--quantity\tstring\trequired\tIn the base asset\./);
      expect(await platform.json(['strategies', 'show', 'scalping-cycle'])).toMatchObject({ schema });
    });
  });

  describe('orders and holdings', () => {
    it('are listed, paged and filtered', async () => {
      const page = (await platform.json(['orders', 'list', '--limit', '1'])) as { data: unknown[]; nextCursor: string };
      expect(page).toMatchObject({ hasMore: true, data: [{ clientOrderId: expect.any(String) }] });
      const rest = await platform.json(['orders', '--after', page.nextCursor, '--limit', '1']);
      expect(rest).toMatchObject({ hasMore: false });
      const open = await platform.json(['orders', '--status', 'open', '--bot', 'grid-eth', '--all']);
      expect(open).toMatchObject({ data: [{ clientOrderId: openOrder }] });
      expect((await platform.run(['fills'])).stdout.trimEnd().split('\n')).toHaveLength(3);
      expect(await platform.json(['positions'])).toMatchObject({ data: [] });
      expect(await platform.json(['balances'])).toMatchObject({ data: [] });
      expect(await platform.json(['accounts'])).toMatchObject({ data: [{ id: 'demo' }] });
      expect(await platform.json(['instruments'])).toMatchObject({ data: [{ id: 'sim:BTC-USDT' }] });
    });

    it('an open order is canceled, one that is over is refused', async () => {
      expect(await platform.json(['orders', 'cancel', openOrder])).toEqual({
        results: [{ order: openOrder, canceling: true }],
      });
      const over = await platform.run(['orders', 'cancel', filledOrder]);
      expect(over).toMatchObject({ code: 3, stderr: expect.stringContaining('ORDER_FINAL') });
      expect(await platform.run(['orders', 'cancel', '--all', '--yes'])).toMatchObject({
        code: 0,
        stdout: `${openOrder}: cancel asked\n`,
      });
    });

    it('an order is shown with its life', async () => {
      expect(await platform.json(['orders', 'show', filledOrder])).toMatchObject({
        status: 'filled',
        events: [{ kind: 'filled' }],
      });
    });
  });

  it('halts and releases when that was confirmed', async () => {
    const halted = await platform.run(['halt', '--reason', 'storm', '--yes']);
    expect(halted).toMatchObject({ code: 0, stdout: expect.stringMatching(/^trading is halted since .*: storm\n$/) });
    expect(platform.services.riskCommands.at(-1)).toMatchObject({ kind: 'halt', userId, text: 'storm' });
    expect(await platform.json(['release', '--yes', '--platform'])).toMatchObject({ state: 'active' });
    expect(platform.services.riskCommands.at(-1)).toMatchObject({ kind: 'release', userId: null });
    expect(await platform.json(['risk'])).toMatchObject({ state: 'active' });
    expect(await platform.json(['risk', 'limits'])).toMatchObject({ data: expect.any(Array) });
  });

  describe('what goes on', () => {
    const lines = async function* (child: ChildProcess): AsyncGenerator<string> {
      if (child.stdout === null) throw new Error('no stdout');
      yield* createInterface({ input: child.stdout });
    };
    const ended = async (child: ChildProcess): Promise<number | null> => {
      const over = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGTERM');
      return (await over)[0];
    };

    it('activity follows the log, one line each, until it is told to end', async () => {
      const child = platform.start(['activity', '--follow']);
      const said = lines(child);
      expect((await said.next()).value).toMatch(/\tINFO\t.*\ttwo lines$/);
      const activity = anActivity({ userId, botId: null, level: 'WARNING', text: 'storm ahead' });
      await platform.speakers.strategy.bus.send(activityLogged, { meta: meta(), activity });
      expect((await said.next()).value).toMatch(/\tWARNING\t.*\tstorm ahead$/);
      expect(await ended(child)).toBe(0);
    });

    it('watch says every change of a bot in a pipe, and gives whole frames with --json', async () => {
      const child = platform.start(['watch']);
      const frames = platform.start(['watch', '--json']);
      const said = lines(child);
      const told = lines(frames);
      const first = [(await said.next()).value, (await said.next()).value].join('\n');
      expect(first).toContain('bot\tbot_cli0000');
      expect(JSON.parse(String((await told.next()).value))).toMatchObject({
        type: 'snapshot',
        seq: expect.any(Number),
      });
      await platform.announce(aBot({ id: botId, userId, version: 900, observed: 'pausing' }));
      for await (const line of said) if (line.includes('\tpausing\t')) break;
      for await (const line of told) if (line.includes('"pausing"')) break;
      expect([await ended(child), await ended(frames)]).toEqual([0, 0]);
    });
  });

  describe('the doctor', () => {
    it('says of every part how it is', async () => {
      const { code, stdout } = await platform.run(['doctor']);
      const verdicts = Object.fromEntries(
        stdout
          .trimEnd()
          .split('\n')
          .map((line) => line.split('\t').slice(0, 2).reverse()),
      );
      expect(verdicts).toMatchObject({
        address: 'ok',
        clock: 'ok',
        gateway: 'ok',
        'log-in': 'ok',
        stream: 'ok',
        strategy: 'ok',
        'market-data': 'ok',
        execution: 'ok',
        'risk-gate': 'ok',
        profile: 'ok',
      });
      expect(code).toBe(0);
    });

    it('says what to do when nobody answers, and when others can read the log-in', async () => {
      const away = await platform.run(['doctor', '--json', '--url', 'http://127.0.0.1:9']);
      expect(away.code).toBe(1);
      expect(JSON.parse(away.stdout.split('\n')[0] ?? '')).toMatchObject({
        findings: [{ check: 'address', verdict: 'fail', next: expect.stringContaining('npm start') }, {}, {}, {}],
      });
      const file = join(platform.home, '.config/scalpstorm/default.json');
      await chmod(file, 0o644);
      const exposed = await platform.run(['doctor']);
      await chmod(file, 0o600);
      expect(exposed).toMatchObject({ code: 1, stdout: expect.stringContaining(`chmod 600 ${file}`) });
    });
  });

  it('completes its own commands in a shell', async () => {
    const { stdout } = await platform.run(['completion', 'bash']);
    expect(stdout).toContain('bots) words="list show create edit delete start pause resume stop flatten cycles"');
    expect(await platform.run(['completion', 'fish'])).toMatchObject({ code: 2 });
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
