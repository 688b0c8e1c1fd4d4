import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { BotAnswer } from '@scalpstorm/contracts';
import { second } from '@scalpstorm/kernel';
import { AccountId, type Bot, type BotConfig, type JsonObject, UserId } from '@scalpstorm/model';
import { ruleNamed, versionText } from '@scalpstorm/strategies';
import { anAccount, describeWithServers, eventually } from '@scalpstorm/testkit';
import { botOf, codesOf, configOf, owner, StrategyWorld } from './strategy-world.js';

const live = AccountId.of('live');
const paper = AccountId.of('paper');
const day = 86_400 * second;
const stranger = UserId.of('user_2');
const patience = { timeoutMs: 60_000 };

const bars: JsonObject = { quantity: '0.01', timeframe: '1s', fast: 3, slow: 7 };
/** Of the rule alone. */
const rule = (changes: JsonObject = {}): JsonObject => ({ fast: 3, slow: 7, ...changes });

function versionOf(id: string, parameters: JsonObject): string {
  const read = ruleNamed(id, parameters);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return createHash('sha256').update(versionText(read.value)).digest('hex');
}

describeWithServers('a live bot whose rule decides over bars', (servers) => {
  let world: StrategyWorld;
  let names = 0;
  let jobs = 0;

  beforeAll(async () => {
    world = await StrategyWorld.open(servers);
    world.others.accounts = [
      anAccount({ id: live, mode: 'live' }),
      anAccount({ id: paper, mode: 'paper' }),
      anAccount(),
    ];
    await world.startService();
  });
  afterAll(() => world?.close());
  beforeEach(() => world.sql`delete from certificates`);

  function configured(changes: Partial<BotConfig> = {}): BotConfig {
    names += 1;
    const name = `bars-${names}`;
    return configOf({ name, strategy: 'ema-cross', mode: 'live', accountId: live, parameters: bars, ...changes });
  }

  /** Research has examined it, and strategy has heard of it. */
  async function examined(version: string, found: { valid?: boolean; ago?: number; userId?: UserId } = {}) {
    const { valid = true, ago = 0, userId = owner } = found;
    jobs += 1;
    const jobId = `job_${jobs}`;
    const failedChecks = valid ? [] : ['truncation', 'delayed'];
    await world.others.certify({ userId, jobId, strategy: 'ema-cross', version, valid, failedChecks }, ago);
    await eventually(async () => {
      expect(await world.unacknowledged('CERTIFICATES')).toBe(0);
    }, patience);
  }

  const refusalOf = (answer: BotAnswer) => (answer.ok ? null : answer.refusals[0]);
  const started = async (bot: Bot) => codesOf(await world.verb(bot.id, 'start'));

  const edited = ({ id: botId }: Bot, changes: JsonObject): Promise<BotAnswer> => {
    const parameters = { ...bars, ...changes };
    return world.ask({ kind: 'edit', commandId: world.commandId(), userId: owner, botId, name: null, parameters });
  };

  async function certified(): Promise<Bot> {
    await examined(versionOf('ema-cross', rule()));
    return botOf(await world.create(configured()));
  }

  it('is refused without a certificate, and the way to one is named', async () => {
    const answer = await world.create(configured());
    expect(codesOf(answer)).toEqual(['STRATEGY_NOT_CERTIFIED']);
    expect(refusalOf(answer)).toMatchObject({
      field: '/strategy',
      next: expect.stringContaining(
        'scalpstorm certificates request --strategy ema-cross --set fast=3 --set slow=7 --instrument sim:BTC-USDT --timeframe 1s',
      ),
    });
  });

  it('is created and started with one of exactly its version', async () => {
    const bot = await certified();
    expect(await started(bot)).toEqual([]);
    expect(codesOf(await world.verb(bot.id, 'flatten'))).toEqual([]);
  });

  it('is refused with one of other parameters, of somebody else, and with one that was refused', async () => {
    await examined(versionOf('ema-cross', rule({ slow: 8 })));
    await examined(versionOf('ema-cross', rule()), { userId: stranger });
    expect(codesOf(await world.create(configured()))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await examined(versionOf('ema-cross', rule()), { valid: false });
    const answer = await world.create(configured());
    expect(refusalOf(answer)).toMatchObject({
      code: 'STRATEGY_NOT_CERTIFIED',
      text: expect.stringContaining('truncation, delayed'),
    });
  });

  it('goes by the newest of its version, in whatever order they come', async () => {
    const version = versionOf('ema-cross', rule());
    await examined(version, { valid: false });
    await examined(version, { ago: 60 * second });
    expect(codesOf(await world.create(configured()))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await examined(version);
    expect(codesOf(await world.create(configured()))).toEqual([]);
  });

  it('may be edited in all but its rule; another rule asks for its own certificate', async () => {
    const bot = await certified();
    const edit = (changes: JsonObject) => edited(bot, changes);
    expect(codesOf(await edit({ quantity: '0.02', stopLossPercent: '2' }))).toEqual([]);
    expect(codesOf(await edit({ slow: 9 }))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await examined(versionOf('ema-cross', rule({ slow: 9 })));
    expect(codesOf(await edit({ slow: 9 }))).toEqual([]);
    // Also while it runs.
    expect(await started(bot)).toEqual([]);
    expect(codesOf(await edit({ slow: 11 }))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    expect(codesOf(await world.verb(bot.id, 'stop'))).toEqual([]);
  });

  it('does not start by an old one; one that runs goes on, over a restart, too, and is paused, resumed and ended', async () => {
    const version = versionOf('ema-cross', rule());
    const [running, resting] = [await certified(), await certified()];
    expect(await started(running)).toEqual([]);
    await world.sql`update certificates set issued_us = issued_us - ${String(91 * day)}::bigint where version = ${version}`;
    expect(refusalOf(await world.verb(resting.id, 'start'))).toMatchObject({
      code: 'STRATEGY_NOT_CERTIFIED',
      text: expect.stringContaining('older than 90 days'),
      field: '',
    });
    // What leaves the rule as it is, e.g. a stop, is not kept from a bot that runs.
    expect(codesOf(await edited(running, { stopLossPercent: '1' }))).toEqual([]);
    await examined(versionOf('ema-cross', rule({ slow: 12 })), { ago: 91 * day });
    expect(codesOf(await edited(running, { slow: 12 }))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await world.restartService();
    expect((await world.seen(running.id))?.desired).toBe('running');
    expect(await started(running)).toEqual([]);
    for (const verb of ['pause', 'resume', 'stop', 'flatten'] as const)
      expect([verb, codesOf(await world.verb(running.id, verb))]).toEqual([verb, []]);
    expect(codesOf(await world.verb(resting.id, 'stop'))).toEqual([]);
    await eventually(async () => expect((await world.seen(running.id))?.observed).toBe('stopped'), patience);
    expect(await started(running)).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await examined(version);
    expect(await started(running)).toEqual([]);
    expect(codesOf(await world.verb(running.id, 'stop'))).toEqual([]);
  });

  it('opens nothing after a restart by a rule that is another one, until that has a certificate, and may always end', async () => {
    const version = versionOf('ema-cross', rule());
    const [bot, other] = [await certified(), await certified()];
    for (const one of [bot, other]) expect(await started(one)).toEqual([]);
    await world.stopService();
    await world.sql`delete from certificates`;
    await world.sql`update bots set state = jsonb_set(state, '{certified}', '"of-before"')`;
    await world.startService();
    for (const { id } of [bot, other])
      await eventually(async () => expect((await world.seen(id))?.reason.code).toBe('WAITS_FOR_CERTIFICATE'), patience);
    for (const verb of ['start', 'resume'] as const)
      expect(codesOf(await world.verb(bot.id, verb))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    // What is no part of the rule is no way round it.
    expect(codesOf(await edited(bot, { stopLossPercent: '1' }))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    expect(codesOf(await world.verb(other.id, 'flatten'))).toEqual([]);
    await examined(version);
    expect(await started(bot)).toEqual([]);
    await world.restartService();
    expect(await started(bot)).toEqual([]);
    expect(codesOf(await world.verb(bot.id, 'stop'))).toEqual([]);
  });

  it('of a rule without code asks for one of its file', async () => {
    const file: JsonObject = {
      ...{ format: 1, id: 'dip', title: 'Dip', description: 'Buys dips.' },
      enter: { left: { bar: 'close' }, is: '<', right: { bar: 'close', ago: 3 } },
      exit: { left: { bar: 'close' }, is: '>', right: { bar: 'close', ago: 3 } },
    };
    const parameters = { quantity: '0.01', timeframe: '1s', rule: file };
    const config = configured({ strategy: 'rule', parameters });
    expect(codesOf(await world.create(config))).toEqual(['STRATEGY_NOT_CERTIFIED']);
    await examined(versionOf('rule', { rule: file }));
    expect(codesOf(await world.create(config))).toEqual([]);
    const other = { ...file, exit: { left: { bar: 'close' }, is: '>', right: { bar: 'close', ago: 4 } } };
    const changed = configured({ strategy: 'rule', parameters: { ...parameters, rule: other } });
    expect(codesOf(await world.create(changed))).toEqual(['STRATEGY_NOT_CERTIFIED']);
  });

  it('is asked for none on demo and paper, and neither is one that hears events alone', async () => {
    const onPaper = configured({ mode: 'paper', accountId: paper });
    const onDemo = configured({ mode: configOf().mode, accountId: configOf().accountId });
    const events = configured({ strategy: configOf().strategy, parameters: configOf().parameters });
    for (const config of [onPaper, onDemo, events]) {
      const bot = botOf(await world.create(config));
      expect(await started(bot)).toEqual([]);
      expect(codesOf(await world.verb(bot.id, 'stop'))).toEqual([]);
    }
  });
});
