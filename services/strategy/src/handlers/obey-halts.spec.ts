import { beforeEach, describe, expect, test } from '@jest/globals';
import { consumersOf } from '@scalpstorm/contracts';
import { millisecond, second } from '@scalpstorm/kernel';
import { AccountId, BotId, type Instrument, RiskScope } from '@scalpstorm/model';
import { StoreUnavailable } from '@scalpstorm/store';
import { aBot, anInstrument } from '@scalpstorm/testkit';
import postgres from 'postgres';
import { atWork, backAfter, HaltedStrategy } from '../../test/halted-strategy.js';
import { memoryToJson, newMemory } from '../domain/memory.js';
import { quietAfterStart } from './obey-halts.js';
import { noFacts } from './write-behind.js';

const { userId, config } = aBot();
const away = () => new StoreUnavailable('Postgres is away');
/** As the driver makes one; its types know only how it is read. */
const conflict = new (postgres.PostgresError as unknown as new (fields: object) => Error)({
  severity: 'ERROR',
  code: '40001',
  message: 'could not serialize access',
});
const minutes = (count: number) => count * 60 * second;

const running = ['running', 'running'];
const flattening = ['stopped', 'flattening'];
const stopping = ['stopped', 'stopping'];
const startedAgain = ['running', 'starting'];
/** More than it waits for a release. */
const quiet = minutes(1);

describe('a halt that is heard at once', () => {
  test('is obeyed at once by the bots in its scope, and is durable with what they did', async () => {
    const scene = new HaltedStrategy();
    await scene.hear(quietAfterStart, 'halted', 'flatten', RiskScope.account(AccountId.of('another')));
    expect(scene.bot).toEqual(running);
    await scene.hear(quietAfterStart, 'halted', 'cancel');
    expect(scene.bot).toEqual(stopping);
    await scene.hear(quietAfterStart + second, 'halted', 'flatten');
    expect([scene.bot, scene.record]).toEqual([flattening, 'flattening']);
    expect(scene.halts.words.get('platform')).toMatchObject({ level: 'flatten', isObeyed: true });
  });

  test('is not acknowledged while it can not be written, and stops a bot no second time when it comes again', async () => {
    const scene = new HaltedStrategy();
    scene.halts.failure = away();
    await expect(scene.hear(quietAfterStart, 'halted', 'cancel')).rejects.toThrow('away');
    expect(scene.bot).toEqual(stopping);
    await scene.startAgain();
    scene.halts.failure = null;
    await scene.hear(quietAfterStart, 'halted', 'cancel');
    expect(scene.halts.words.get('platform')).toMatchObject({ isObeyed: true });
    await scene.restart();
    await scene.hear(quietAfterStart, 'halted', 'cancel');
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([startedAgain, ['stop-asked']]);
    await scene.hear(minutes(2), 'halted', 'cancel');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(stopping);
  });
});

describe('a halt that is heard late', () => {
  test('is obeyed once while it stands, whatever its age', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'flatten');
    await scene.pass(0);
    expect(scene.bot).toEqual(running);
    await scene.pass(quiet);
    expect([scene.bot, scene.record, scene.told]).toEqual([flattening, 'flattening', ['flatten-asked']]);
    await scene.pass(quiet);
    await scene.hear(second, 'halted', 'flatten');
    await scene.pass(quiet);
    expect(scene.told).toEqual(['flatten-asked']);
    expect(scene.log.lines.filter(({ text }) => text.includes('bots flatten'))).toHaveLength(1);
  });

  test('is not obeyed when it was released meanwhile', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'flatten');
    await scene.pass(quietAfterStart / 10);
    await scene.hear(minutes(10), 'active');
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([running, []]);
    // And its coming again changes nothing.
    await scene.hear(second, 'halted', 'flatten');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(running);
  });

  test('waits while older words are still coming in', async () => {
    const scene = await backAfter(minutes(20));
    await scene.pass(quiet);
    await scene.hear(second, 'halted', 'flatten');
    for (let after = 2; after < 12; after += 1) {
      await scene.pass(second);
      await scene.hear(after * second, 'halted', 'halt', RiskScope.account(AccountId.of(`a${after}`)));
    }
    expect(scene.bot).toEqual(running);
    await scene.hear(minutes(10), 'active');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(running);
  });

  test('is not obeyed while it can not be written: a release that waits behind it is not heard before', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(0, 'halted', 'cancel');
    scene.halts.failure = away();
    await expect(scene.hear(second, 'halted', 'flatten')).rejects.toThrow('away');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(running);
    scene.halts.failure = null;
    await scene.hear(second, 'halted', 'flatten');
    await scene.hear(minutes(10), 'active');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(running);
  });

  test('is not obeyed while a word between it and its release can not be written', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'flatten');
    scene.halts.failure = away();
    const between = () => scene.hear(minutes(5), 'halted', 'halt', RiskScope.account(AccountId.of('another')));
    for (let times = 0; times < 6; times += 1) {
      await expect(between()).rejects.toThrow('away');
      await scene.pass(5 * second);
    }
    expect(scene.bot).toEqual(running);
    scene.halts.failure = null;
    await between();
    await scene.hear(minutes(10), 'active');
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([running, []]);
  });

  test('is obeyed by the next process when this one dies before, but not before a release can have come again', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'flatten');
    await scene.die();
    const inHand = consumersOf('strategy').find(({ stream }) => stream === 'OPS')?.ackWaitMs ?? 0;
    expect(inHand).toBeGreaterThan(0);
    await scene.pass(inHand * millisecond);
    expect(scene.bot).toEqual(running);
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([flattening, ['flatten-asked']]);
  });

  test('is not obeyed by the next process when that hears of its release', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'flatten');
    await scene.die();
    await scene.hear(minutes(10), 'active');
    await scene.pass(quiet);
    await scene.die();
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([running, []]);
  });

  test('is obeyed also while another one can not be written', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'cancel');
    await scene.hear(second, 'halted', 'flatten', RiskScope.user(userId));
    scene.halts.failure = away();
    await scene.pass(quiet);
    expect(scene.bot).toEqual(flattening);
  });

  test('is written as obeyed when that is possible, and stops no bot again that was started since', async () => {
    const scene = await backAfter(minutes(20));
    await scene.hear(second, 'halted', 'cancel');
    scene.halts.failure = away();
    await scene.pass(quiet);
    expect([scene.bot, scene.halts.words.get('platform')?.isObeyed]).toEqual([stopping, false]);
    scene.halts.failure = null;
    await scene.pass(quiet);
    expect(scene.halts.words.get('platform')?.isObeyed).toBe(true);
    await scene.startAgain();
    await scene.restart();
    await scene.hear(second, 'halted', 'cancel');
    await scene.pass(quiet);
    expect([scene.bot, scene.told]).toEqual([startedAgain, ['stop-asked']]);
  });
});

describe('a milder halt', () => {
  test('takes no flatten back, of the same scope or another, that is under way or still to be obeyed', async () => {
    const scene = new HaltedStrategy();
    await scene.hear(quietAfterStart, 'halted', 'flatten');
    await scene.hear(quietAfterStart + second, 'halted', 'cancel');
    await scene.hear(quietAfterStart + second, 'halted', 'cancel', RiskScope.user(userId));
    expect([scene.bot, scene.told]).toEqual([flattening, ['flatten-asked']]);
    const late = await backAfter(minutes(20));
    await late.hear(second, 'halted', 'flatten', RiskScope.account(config.accountId));
    await late.hear(minutes(5), 'halted', 'halt', RiskScope.account(config.accountId));
    await late.pass(quiet);
    expect(late.bot).toEqual(flattening);
  });

  test('of no level stops no bot that was started again after a stricter one', async () => {
    const scene = new HaltedStrategy();
    await scene.hear(quietAfterStart, 'halted', 'cancel');
    await scene.startAgain();
    await scene.hear(quietAfterStart + second, 'halted', 'halt');
    await scene.pass(quiet);
    expect(scene.bot).toEqual(startedAgain);
    expect(scene.halts.words.get('platform')).toMatchObject({ level: 'cancel', isObeyed: true });
  });
});

describe('a bot that waits for its market', () => {
  test('obeys, too: it hears of it when it runs', async () => {
    const scene = new HaltedStrategy();
    scene.setAside();
    await scene.hear(quietAfterStart, 'halted', 'flatten');
    expect([scene.aside, scene.record]).toEqual(['flattening', 'flattening']);
  });

  test.each([
    ['cancel', stopping],
    ['flatten', flattening],
  ] as const)(
    'obeys a %s that comes while market-data is asked for its instrument, which nobody has stored',
    async (level, obeyed) => {
      const scene = new HaltedStrategy();
      const { promise, resolve } = Promise.withResolvers<Instrument>();
      scene.listing = promise;
      scene.setAside(null);
      const taken = scene.takeBack();
      await scene.hear(quietAfterStart, 'halted', level);
      resolve(anInstrument());
      await taken;
      expect([scene.bot, scene.aside, scene.record]).toEqual([obeyed, undefined, obeyed[1]]);
    },
  );
});

describe('a bot whose row the database refuses', () => {
  const stored = { bot: atWork, state: memoryToJson(newMemory({})), instrument: anInstrument() };
  const other = { ...atWork, id: BotId.of('bot_00000002') };
  let scene: HaltedStrategy;
  const isObeyed = () => scene.halts.words.get('platform')?.isObeyed;
  const recordOf = async (botId: BotId) => (await scene.bots.find(botId))?.stored.bot.observed;
  beforeEach(async () => {
    scene = new HaltedStrategy();
    await scene.bots.commit({ ...noFacts, stored, deleted: false });
    scene.bots.refused = { botId: atWork.id, error: new Error('value too long') };
    scene.join(other);
    await scene.hear(quietAfterStart, 'halted', 'flatten');
  });

  test('obeys a halt as the others do, who are written, and its user is told once', async () => {
    for (let times = 0; times < 3; times += 1) await scene.pass(quiet);
    expect([scene.bot, await recordOf(atWork.id), await recordOf(other.id)]).toEqual([
      flattening,
      'running',
      'flattening',
    ]);
    const next = expect.stringContaining('flatten it by hand');
    expect(scene.bots.told).toMatchObject([
      { code: 'BOT_NOT_WRITTEN', level: 'ERROR', botId: atWork.id, data: { next } },
    ]);
  });

  test('is written as soon as that is possible, and until then the halt is none that was obeyed', async () => {
    expect(isObeyed()).toBe(false);
    await scene.pass(quiet);
    expect(isObeyed()).toBe(false);
    scene.bots.refused = null;
    await scene.pass(quiet);
    expect([isObeyed(), await recordOf(atWork.id), scene.told]).toEqual([
      true,
      'flattening',
      ['flatten-asked', 'flatten-asked'],
    ]);
  });

  test('obeys once more in the next life, when its record knows nothing of it', async () => {
    await scene.die();
    expect(scene.bot).toEqual(running);
    scene.bots.refused = null;
    await scene.pass(quiet);
    expect([scene.bot, await recordOf(atWork.id), isObeyed()]).toEqual([flattening, 'flattening', true]);
  });

  test('holds up no release', async () => {
    await scene.hear(quietAfterStart + second, 'active');
    expect(scene.halts.words.get('platform')).toMatchObject({ state: 'active' });
  });

  test('is forgotten with it, so that whoever has its id next is told of, too', async () => {
    scene.leave(atWork.id);
    await scene.pass(quiet);
    scene.join(atWork);
    await scene.hear(quietAfterStart + 2 * quiet, 'halted', 'cancel');
    expect(scene.bots.told.map(({ botId }) => botId)).toEqual([atWork.id, atWork.id]);
  });

  test('is told of to nobody where it only conflicts with another write, which passes: the halt comes again', async () => {
    const fresh = new HaltedStrategy();
    fresh.bots.refused = { botId: atWork.id, error: conflict };
    await expect(fresh.hear(quietAfterStart, 'halted', 'cancel')).rejects.toThrow(conflict);
    expect(fresh.bots.told).toEqual([]);
  });

  test('does not make up for a record that is away: the halt comes again then', async () => {
    scene.bots.failWith(away());
    await expect(scene.hear(quietAfterStart + second, 'halted', 'cancel')).rejects.toThrow('away');
  });
});
