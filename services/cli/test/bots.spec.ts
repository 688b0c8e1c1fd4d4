import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cycleCompleted } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { BotId, Money, Price, type UserId } from '@scalpstorm/model';
import { aBot, aCycle, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botId, furnished, place } from './furnished.js';
import { meta, schema, type TestPlatform } from './platform.js';

describeWithServers('scalpstorm bots', (servers) => {
  let platform: TestPlatform;
  let userId: UserId;

  beforeAll(async () => {
    ({ platform, userId } = await furnished(servers));
  });
  afterAll(() => platform.close());

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
      const usual = ['--name', 'x', '--strategy', 'scalping-cycle', ...place];
      // An option that is meant once is given once.
      const others = usual.filter((_, at) => !flags.includes(usual[at - (at % 2)] ?? ''));
      expect(await platform.run(['bots', 'create', ...others, ...flags])).toMatchObject({
        code,
        stderr: expect.stringContaining(hint),
      });
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

    it('have cycles, with the price and time by which a fee in a third currency was valued', async () => {
      const fee = Money.of('0.01', 'BNB');
      const priced = { price: Price.of('600'), at: Timestamp.fromMillis(1_700_000_000_000) };
      const value = Money.of('6', 'USDT');
      const otherFees = [
        { fee, value, priced },
        { fee, value, priced: null },
        { fee, value: null, priced: null },
      ];
      const { bus } = platform.speakers.strategy;
      await bus.send(cycleCompleted, { meta: meta(), userId, cycle: aCycle({ botId, otherFees }), amends: false });
      const shown = '0.01 BNB = 6 USDT at 600 of 2023-11-14 22:13:20; 0.01 BNB = 6 USDT; 0.01 BNB, not valued yet';
      await eventually(async () => {
        const { stdout } = await platform.run(['bots', 'cycles', 'grid-eth']);
        const [titles, ...lines] = stdout.trimEnd().split('\n');
        expect(titles).toMatch(/\tFEES\tOTHER FEES$/);
        expect(lines.map((line) => line.split('\t').slice(-2))).toEqual([['0.2 USDT', shown]]);
      });
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
});
