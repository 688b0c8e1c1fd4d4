import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type Micros, second, Timestamp, unwrap } from '@scalpstorm/kernel';
import { type Bot, type JsonObject, Quantity, UserId } from '@scalpstorm/model';
import { barStrategies, StrategyCatalogue, versionText } from '@scalpstorm/strategies';
import { StrategyLoops } from '@scalpstorm/strategy-files';
import { aBot, anInstrument } from '@scalpstorm/testkit';
import { memoryToJson, newMemory } from '../domain/memory.js';
import { Certificates, type KeptCertificate } from '../ports/certificates.js';
import { AskCertificate } from './ask-certificate.js';
import { PrepareBot } from './prepare-bot.js';

const now = Timestamp.fromMillis(1_790_000_000_000);
const day: Micros = 86_400 * second;
const emaCross = barStrategies.get('ema-cross');
if (emaCross === undefined) throw new Error('no ema-cross');

/** The operator's own: a built-in rule under another id, whose code has this digest. */
const mine = (code: string) => ({
  file: '/own/mine.ts',
  strategy: {
    ...emaCross,
    id: 'mine',
    configure(parameters: JsonObject) {
      const read = emaCross.configure(parameters);
      return read.ok ? { ok: true as const, value: { ...read.value, id: 'mine', code } } : read;
    },
  },
});
const withMine = (code = 'one') => new StrategyCatalogue([mine(code)]);

const parameters = { quantity: '0.01', timeframe: '1m', fast: 3, slow: 7 };
const versionOf = (code: string) => {
  const rule = unwrap(mine(code).strategy.configure({ fast: 3, slow: 7 }));
  return createHash('sha256').update(versionText(rule)).digest('hex');
};

function botOf(changes: Partial<Bot> = {}): Bot {
  const bot = aBot({ desired: 'running', observed: 'running', ...changes });
  return { ...bot, config: { ...bot.config, strategy: 'mine', mode: 'live', parameters, ...changes.config } };
}

/** As it was written down. @param certified the version that it was started with */
function storedOf(bot: Bot, certified: string | null = null) {
  const configured = unwrap(withMine().all.get('mine')?.configure(parameters, anInstrument()) as never) as {
    init(): JsonObject;
  };
  const memory = { ...newMemory(configured.init()), certified };
  return { bot, state: memoryToJson(memory), instrument: anInstrument() };
}

class KnownCertificates extends Certificates {
  constructor(private readonly known: ReadonlyMap<string, Partial<KeptCertificate>>) {
    super();
  }
  async keep() {}
  async newest(_: unknown, version: string) {
    const found = this.known.get(version);
    return found === undefined ? null : ({ valid: true, failedChecks: [], issuedAt: now, ...found } as KeptCertificate);
  }
}

function preparing(catalogue: StrategyCatalogue, known: Record<string, Partial<KeptCertificate>> = {}): PrepareBot {
  const certificates = new KnownCertificates(new Map(Object.entries(known)));
  return new PrepareBot(catalogue, new AskCertificate(certificates, { now: () => now } as never, { daysMax: 90 }));
}

const prepared = (preparer: PrepareBot, stored: ReturnType<typeof storedOf>) =>
  preparer.prepare(stored, stored.instrument);

describe('a live bot over bars that was at work', () => {
  it('goes on with the version that it was started with, whatever became of the certificate', async () => {
    const read = await prepared(preparing(withMine()), storedOf(botOf(), versionOf('one')));
    expect(read).toMatchObject({ ok: true, runnable: { certified: versionOf('one') } });
    expect(read.ok && read.runnable.withheld).toBeUndefined();
  });

  it('opens nothing by another version, and says what to do', async () => {
    const read = await prepared(preparing(withMine('other')), storedOf(botOf(), versionOf('one')));
    expect(read).toMatchObject({
      ok: true,
      runnable: { withheld: { code: 'STRATEGY_NOT_CERTIFIED', passing: false } },
    });
    expect(read.ok && read.runnable.withheld?.next).toContain('certificates request --strategy mine');
    expect(read.ok && read.runnable.certified).toBeUndefined();
  });

  it.each([
    ['valid', {}, true],
    ['refused', { valid: false, failedChecks: ['truncation'] }, false],
    ['old', { issuedAt: Timestamp.plus(now, -91 * day) }, false],
  ])('is asked for a certificate of the version that there is now: %s', async (_, found, may) => {
    const preparer = preparing(withMine('other'), { [versionOf('other')]: found });
    const read = await prepared(preparer, storedOf(botOf(), versionOf('one')));
    expect(read.ok && read.runnable.withheld === undefined).toBe(may);
  });

  it.each(['error', 'stopping', 'flattening'] as const)('is asked, too, when it is found %s', async (observed) => {
    const stored = storedOf(botOf({ desired: 'stopped', observed }), versionOf('one'));
    const read = await prepared(preparing(withMine('other')), stored);
    expect(read).toMatchObject({ ok: true, runnable: { withheld: { code: 'STRATEGY_NOT_CERTIFIED' } } });
  });

  it('is not asked at rest, where its start asks, and neither is one on paper', async () => {
    const preparer = preparing(withMine('other'));
    const resting = storedOf(botOf({ desired: 'stopped', observed: 'stopped' }));
    const paper = storedOf(botOf({ config: { ...botOf().config, mode: 'paper' } }));
    for (const stored of [resting, paper]) {
      const read = await prepared(preparer, stored);
      expect(read.ok && read.runnable.withheld).toBeUndefined();
    }
  });
});

describe('the version of a rule', () => {
  /** @param changes what the rule is besides */
  const withRule = (changes: object) => {
    const { file, strategy } = mine('one');
    const configure = (given: JsonObject) => {
      const read = strategy.configure(given);
      return read.ok ? { ok: true as const, value: { ...read.value, ...changes } } : read;
    };
    return new StrategyCatalogue([{ file, strategy: { ...strategy, configure } }]);
  };

  it('is worked out once for all bots that have it', async () => {
    let made = 0;
    const { decider } = unwrap(mine('one').strategy.configure({ fast: 3, slow: 7 }));
    const counted = () => {
      made += 1;
      return decider();
    };
    const preparer = preparing(withRule({ decider: counted }));
    const stored = storedOf(botOf(), versionOf('one'));
    for (let bots = 0; bots < 3; bots += 1) expect((await prepared(preparer, stored)).ok).toBe(true);
    expect(made).toBe(1);
  });

  it('that does not come to an end is no version: nothing is opened', async () => {
    const within = () => {
      throw new StrategyLoops(2_000);
    };
    const read = await prepared(preparing(withRule({ within })), storedOf(botOf(), versionOf('one')));
    expect(read).toMatchObject({ ok: true, runnable: { withheld: { code: 'STRATEGY_LOOPS', passing: false } } });
  });
});

describe('a module that did not end three times', () => {
  const bar = { loops: false };
  const { file, strategy } = mine('one');
  const configure = (given: JsonObject) => {
    const read = strategy.configure(given);
    if (!read.ok) return read;
    // As another of its rules would, whose parameters are others.
    const within = <Value>(work: () => Value): Value => {
      if (bar.loops) throw new StrategyLoops(2_000);
      return work();
    };
    return { ok: true as const, value: { ...read.value, within } };
  };
  const ann = storedOf(botOf({ userId: UserId.of('usr_0000000a') }), versionOf('one'));
  const ben = storedOf(botOf({ userId: UserId.of('usr_0000000b') }), versionOf('one'));

  it('has no other version worked out for that user, whose bots wait, and is tried for others', async () => {
    const preparer = preparing(new StrategyCatalogue([{ file, strategy: { ...strategy, configure } }]));
    bar.loops = true;
    for (let times = 0; times < 3; times += 1) {
      expect(await prepared(preparer, ann)).toMatchObject({
        runnable: { withheld: { code: 'STRATEGY_LOOPS', passing: false } },
      });
    }
    bar.loops = false;
    expect(await prepared(preparer, ann)).toMatchObject({
      runnable: { withheld: { code: 'STRATEGY_RESTS', passing: true, next: expect.stringContaining('ten minutes') } },
    });
    expect(await prepared(preparer, ben)).toMatchObject({ ok: true, runnable: { certified: versionOf('one') } });
  });
});

describe('a bot whose module is gone', () => {
  const gone = preparing(new StrategyCatalogue());

  it('is looked after without its rule while it is at work', async () => {
    const read = await prepared(gone, storedOf(botOf()));
    expect(read).toMatchObject({ ok: true, runnable: { withheld: { code: 'BOT_STRATEGY_GONE' } } });
  });

  it('is looked after, too, where it rests and holds something', async () => {
    const { totals } = botOf();
    const holding = botOf({
      desired: 'stopped',
      observed: 'stopped',
      totals: { ...totals, held: Quantity.of('0.01') },
    });
    expect((await prepared(gone, storedOf(holding))).ok).toBe(true);
  });

  it('is set aside where there is nothing to look after, with what was wrong with the module', async () => {
    const refused = {
      file: '/own/mine.ts',
      id: 'mine',
      code: 'STRATEGY_MODULE_BROKEN',
      text: 'no such thing',
      next: '',
    };
    const preparer = preparing(new StrategyCatalogue([], [refused]));
    const read = await prepared(preparer, storedOf(botOf({ desired: 'stopped', observed: 'stopped' })));
    expect(read).toMatchObject({
      ok: false,
      fault: { code: 'BOT_STRATEGY_GONE', text: expect.stringContaining('STRATEGY_MODULE_BROKEN: no such thing') },
    });
  });

  it('is set aside where its state is that of a strategy of another kind', async () => {
    const stored = { ...storedOf(botOf()), state: memoryToJson(newMemory({ events: 1 })) };
    expect(await prepared(gone, stored)).toMatchObject({ ok: false, fault: { code: 'BOT_STRATEGY_GONE' } });
  });

  it('and one that takes its parameters no more are the same to it', async () => {
    const bot = botOf({ config: { ...botOf().config, parameters: { ...parameters, fast: 9 } } });
    const read = await prepared(preparing(withMine()), storedOf(bot));
    expect(read).toMatchObject({ ok: true, runnable: { withheld: { code: 'BOT_PARAMETERS_REFUSED' } } });
  });
});
