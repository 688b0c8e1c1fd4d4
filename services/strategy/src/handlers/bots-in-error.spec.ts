import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { type OrderChanged, type OrderRequested, orderRequested } from '@scalpstorm/contracts';
import { fail, ok, second, Timestamp } from '@scalpstorm/kernel';
import { type Bot, BotId, type BotVerb, type Candle, ClientOrderId, EventId, Price, Quantity } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import {
  type BarStrategy,
  type ConfiguredBarStrategy,
  defineBarStrategy,
  type OwnModule,
  StrategyCatalogue,
} from '@scalpstorm/strategies';
import { endAfter } from '@scalpstorm/strategy-files';
import { aBot, aFill, anInstrument, anOrder, anOrderRequest, aQuote, eventually } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { type BotMemory, memoryToJson, newMemory } from '../domain/memory.js';
import { brokenStep } from '../domain/prepare.js';
import { Certificates, type KeptCertificate } from '../ports/certificates.js';
import type { Measured } from '../ports/directory.js';
import { AskCertificate } from './ask-certificate.js';
import { CommandAside } from './command-aside.js';
import { CommandBots } from './command-bots.js';
import { Fleet } from './fleet.js';
import { OrderSender, ofItself } from './order-sender.js';
import { PrepareBot } from './prepare-bot.js';
import { RestoreBots } from './restore-bots.js';

const minute = 60 * second;
const instrument = anInstrument();
const instrumentId = aBot().config.instrumentId;

/** Wants in at every close. */
const eager = defineBarStrategy({
  id: 'eager',
  title: '',
  description: '',
  source: '',
  parameters: {},
  warmUp: () => 1,
  decider: () => ({ onClose: (_, desk) => desk.enter(), snapshot: () => ({}), restore: () => undefined }),
});
let loops = 0;
/** Never comes to an end at a close. */
const endless = defineBarStrategy({
  ...eager,
  parameters: {},
  warmUp: () => 1,
  id: 'endless',
  decider: () => ({
    onClose() {
      loops += 1;
      for (;;);
    },
    snapshot: () => ({}),
    restore: () => undefined,
  }),
});
/** As a module of the operator is loaded. @param more of what it configures */
const moduleOf = (strategy: BarStrategy, more: Partial<ConfiguredBarStrategy> = {}): OwnModule => ({
  file: `/own/${strategy.id}.ts`,
  strategy: {
    ...strategy,
    configure(parameters) {
      const read = strategy.configure(parameters);
      return read.ok ? ok({ ...read.value, ...more, code: strategy.id }) : read;
    },
  },
});
/** What is wrong with all parameters of the module `moody` now; null: nothing. */
let mood: 'STRATEGY_RESTS' | 'STRATEGY_THREW' | null = null;
const moody: BarStrategy = {
  ...eager,
  id: 'moody',
  configure(parameters) {
    const fault = { field: '', text: 'It is not asked now.', allowed: '', next: 'Wait.' };
    return mood === null ? eager.configure(parameters) : fail([{ code: mood, ...fault }]);
  },
};
const catalogue = new StrategyCatalogue([
  moduleOf(eager),
  moduleOf(moody),
  moduleOf(endless, { within: (work) => endAfter(200, work) }),
]);

const overBars: Partial<Bot['config']> = {
  strategy: 'eager',
  mode: 'live',
  parameters: { quantity: '0.01', timeframe: '1m' },
};
const overPrices: Partial<Bot['config']> = {
  strategy: 'scalping-cycle',
  parameters: { quantity: '0.01', buyPrice: { fixed: '50000' }, sellPrice: { fixed: '51000' } },
};

const overLevels: Partial<Bot['config']> = {
  strategy: 'grid',
  parameters: { lower: '48000', upper: '52000', levels: 5, spacing: 'arithmetic', quantity: '0.01' },
};
const everyKind = [
  ['over bars', overBars],
  ['over prices', overPrices],
  ['over levels', overLevels],
] as const;

class KnownCertificates extends Certificates {
  isGiven = false;
  /** What happens while it is asked next. */
  meanwhile: () => void = () => undefined;
  async keep() {}
  async newest() {
    this.meanwhile();
    this.meanwhile = () => undefined;
    return this.isGiven ? ({ valid: true, failedChecks: [], issuedAt: start } as unknown as KeptCertificate) : null;
  }
}

const start = Timestamp.fromMillis(1_790_000_000_000 - (1_790_000_000_000 % 60_000));

/** One more bar closes each minute, and there is always a price. */
class MinuteMarket extends MemoryMarket {
  now = start;
  override quote() {
    return aQuote();
  }
  override measures(): Measured {
    const bars = Array.from({ length: 5 }, (_, place): Candle => {
      const price = Price.of('50000');
      const openedAt = Timestamp.plus(this.now, (place - 5) * minute);
      const prices = { open: price, high: price, low: price, close: price };
      return { instrumentId, timeframe: '1m', openedAt, ...prices, volume: Quantity.of('1'), closed: true } as Candle;
    });
    return { vwap: null, atr: null, prediction: null, bars };
  }
}

function world() {
  const store = new MemoryBotStore();
  const log = new RecordingLog();
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const market = new MinuteMarket();
  const clock = { now: () => market.now };
  const placed: OrderRequested[] = [];
  bus.send = (async (contract: unknown, event: unknown) => {
    if (contract === orderRequested) placed.push(event as OrderRequested);
    return { duplicate: false };
  }) as typeof bus.send;
  const certificates = new KnownCertificates();
  const certificate = new AskCertificate(certificates, clock, { daysMax: 90 });
  const directory = { instrument: async () => instrument, knownInstrument: () => instrument } as never;
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const preparing = new PrepareBot(catalogue, certificate);
  const metrics = new Metrics('strategy');
  const fleet = new Fleet(orders, store, market, directory, clock, log, metrics, undefined, undefined, preparing);
  const restore = new RestoreBots(fleet, log, { register: () => undefined } as never);
  const aside = new CommandAside(fleet, restore);
  const unasked = null as never;
  const commands = new CommandBots(fleet, store, unasked, aside, unasked, market, clock, certificate);
  let asked = 0;
  const verb = (verb: BotVerb) => {
    asked += 1;
    return commands.verb({ kind: 'verb', commandId: `c${asked}`, userId: bot.userId, botId: bot.id, verb });
  };
  const pass = () => {
    market.now = Timestamp.plus(market.now, minute);
    fleet.step(bot.id, { kind: 'quote', quote: aQuote() }, ofItself);
    fleet.hearBars({ instrumentId, timeframe: '1m' }, ofItself);
    fleet.step(bot.id, { kind: 'tick' }, ofItself);
  };
  return { store, fleet, restore, certificates, placed, verb, pass };
}

const bot = aBot();
const withConfig = (changes: Partial<Bot['config']>): Bot => ({ ...bot, config: { ...bot.config, ...changes } });

/** What a bot remembers that was started. */
function atWork(bot: Bot): BotMemory {
  const read = catalogue.all.get(bot.config.strategy)?.configure(bot.config.parameters, instrument);
  if (!read?.ok) throw new Error('the parameters of this spec are refused');
  const { fleet } = world();
  fleet.join(bot, newMemory(read.value.init(), read.value.lanes), { configured: read.value, instrument });
  fleet.step(bot.id, { kind: 'started' }, ofItself);
  return fleet.get(bot.id)?.memory ?? newMemory({});
}

function setAside(config: Partial<Bot['config']>) {
  const all = world();
  const broken = withConfig(config);
  all.fleet.aside.set(
    { bot: broken, memory: atWork(broken), instrument },
    brokenStep(new Error('two and two are five')),
  );
  return all;
}

/** @param meanwhile what it lives through before the process ends */
async function restarted(config: Partial<Bot['config']>, meanwhile: (fleet: Fleet) => void = () => undefined) {
  const before = setAside(config);
  meanwhile(before.fleet);
  await before.fleet.written(bot.id);
  const all = world();
  for (const change of before.store.committed) await all.store.commit(change);
  await all.restore.run();
  return all;
}

function boughtEntry(): OrderChanged {
  const clientOrderId = ClientOrderId.forSlot({ botId: bot.id, cycle: 0, leg: 'entry', attempt: 0 });
  const request = anOrderRequest({ botId: bot.id, clientOrderId, side: 'buy' });
  const filledQuantity = Quantity.of('0.01');
  const order = anOrder({ request, version: 3, status: 'filled', filledQuantity });
  const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: start, recordedAt: start };
  return { meta, order, event: { kind: 'filled', fill: aFill({ clientOrderId, quantity: filledQuantity }) } };
}

describe('a bot whose rule did not end', () => {
  it('lets those of other modules hear prices and time, and bars a little later', async () => {
    const { fleet, pass, placed } = world();
    const config: Partial<Bot['config']> = { ...overBars, mode: 'paper' };
    const running = { desired: 'running', observed: 'running' } as const;
    const looping = { ...withConfig({ ...config, strategy: 'endless' }), ...running };
    const other = { ...withConfig(config), ...running, id: BotId.of('bot_00000002') };
    for (const one of [looping, other]) {
      await fleet.takeIn({ bot: one, state: memoryToJson(atWork(one)), instrument });
    }
    pass();
    expect(fleet.get(looping.id)?.bot.reason.code).toBe('STRATEGY_LOOPS');
    await nextTurn();
    const hears = () => fleet.step(other.id, { kind: 'tick' }, ofItself);
    hears();
    expect(placed).toEqual([]);
    await eventually(() => {
      hears();
      expect(placed).toMatchObject([{ order: { botId: other.id, purpose: 'open' } }]);
    });
  });

  it('is not asked again before it is started, over a restart, too', async () => {
    const config: Partial<Bot['config']> = { ...overBars, strategy: 'endless', mode: 'paper' };
    const before = world();
    const stored = { ...withConfig(config), desired: 'running', observed: 'running' } as const;
    await before.fleet.takeIn({ bot: stored, state: memoryToJson(atWork(stored)), instrument });
    loops = 0;
    const minutes = ({ pass }: ReturnType<typeof world>) => {
      for (let passed = 0; passed < 3; passed += 1) pass();
    };
    minutes(before);
    expect([loops, before.fleet.get(bot.id)?.bot]).toMatchObject([1, { observed: 'error', desired: 'stopped' }]);
    await before.fleet.written(bot.id);
    const after = world();
    for (const change of before.store.committed) await after.store.commit(change);
    await after.restore.run();
    minutes(after);
    expect(loops).toBe(1);
    expect(await after.verb('start')).toMatchObject({ ok: true, value: { observed: 'running' } });
    minutes(after);
    expect([loops, after.fleet.get(bot.id)?.bot.reason.code]).toEqual([2, 'STRATEGY_LOOPS']);
  });
});

describe('a bot whose module is not asked now, as others of it did not end', () => {
  const config: Partial<Bot['config']> = { ...overBars, strategy: 'moody', mode: 'paper' };
  /** Stored by one process while nothing was wrong, and loaded by another. */
  async function loaded(state: Partial<Bot>) {
    mood = null;
    const stored = { ...withConfig(config), ...state };
    const memory = memoryToJson(atWork(stored));
    mood = 'STRATEGY_RESTS';
    const all = world();
    await all.fleet.takeIn({ bot: stored, state: memory, instrument });
    return all;
  }

  it('opens nothing at work, says so, and goes on by itself', async () => {
    const { fleet, restore, pass, placed, verb } = await loaded({ desired: 'running', observed: 'running' });
    pass();
    await restore.again();
    expect(placed).toEqual([]);
    expect(fleet.get(bot.id)?.bot).toMatchObject({ observed: 'running', reason: { code: 'WAITS_FOR_STRATEGY' } });
    expect(await verb('start')).toMatchObject({ ok: false, refusals: [{ code: 'STRATEGY_RESTS' }] });
    mood = null;
    await restore.again();
    pass();
    expect(placed).toMatchObject([{ order: { purpose: 'open' } }]);
    expect(fleet.waiting()).toEqual([]);
  });

  it('waits at rest as it is, and can be started afterwards', async () => {
    const { fleet, restore, verb } = await loaded({ desired: 'stopped', observed: 'stopped' });
    expect([fleet.get(bot.id), fleet.aside.get(bot.id)?.bot.observed]).toEqual([null, 'stopped']);
    mood = null;
    await restore.again();
    expect(await verb('start')).toMatchObject({ ok: true, value: { observed: 'running' } });
  });

  it('is restored at once, though another that waits can not be asked about', async () => {
    const { fleet, restore } = await loaded({ desired: 'stopped', observed: 'stopped' });
    const other = { ...bot, id: BotId.of('bot_other001') };
    const wait = { code: 'STRATEGY_RESTS', text: '', next: '', passing: true };
    fleet.aside.set({ bot: other, memory: newMemory({}), instrument }, wait);
    const tryAgain = fleet.tryAgain.bind(fleet);
    const away = () => Promise.reject(new Error('Postgres is away'));
    Object.assign(fleet, { tryAgain: (botId: BotId) => (botId === other.id ? away() : tryAgain(botId)) });
    const restored: BotId[] = [];
    Object.assign(restore, { restore: (botId: BotId) => restored.push(botId) });
    mood = null;
    await expect(restore.again()).rejects.toThrow('away');
    expect(restored).toEqual([bot.id]);
    expect(fleet.waiting()).toEqual([other.id]);
  });

  it('is not tried again where it turns out that its parameters are refused', async () => {
    const { fleet, restore } = await loaded({ desired: 'running', observed: 'running' });
    expect(fleet.waiting()).toEqual([bot.id]);
    mood = 'STRATEGY_THREW';
    await restore.again();
    expect([fleet.waiting(), fleet.withheldOf(bot.id)?.code]).toEqual([[], 'BOT_PARAMETERS_REFUSED']);
  });
});

describe('a bot that was set aside at work', () => {
  it.each(['start', 'resume'] as const)('opens nothing when a %s of it is refused', async (asked) => {
    const { fleet, verb, pass, placed } = setAside(overBars);
    for (let times = 0; times < 2; times += 1) {
      expect(await verb(asked)).toMatchObject({ ok: false, refusals: [{ code: 'STRATEGY_NOT_CERTIFIED' }] });
    }
    for (let minutes = 0; minutes < 3; minutes += 1) pass();
    expect(placed).toEqual([]);
    expect(fleet.get(bot.id)?.bot).toMatchObject({ observed: 'error', desired: 'stopped' });
  });

  it('is not resumed: what was wrong with it asks for a start', async () => {
    const { fleet, verb, pass, placed } = setAside(overPrices);
    expect(await verb('resume')).toMatchObject({ ok: false, refusals: [{ code: 'BOT_NOT_RUNNING' }] });
    pass();
    expect(placed).toEqual([]);
    expect(fleet.get(bot.id)?.bot.observed).toBe('error');
  });

  it.each(everyKind)('opens nothing after a restart, and stays in error: one %s', async (_, config) => {
    const { fleet, pass, placed } = await restarted(config);
    for (let minutes = 0; minutes < 3; minutes += 1) pass();
    expect(placed).toEqual([]);
    expect(fleet.get(bot.id)?.bot).toMatchObject({
      observed: 'error',
      desired: 'stopped',
      reason: { code: 'BOT_STEP_FAILED' },
    });
  });

  it.each(everyKind)('trades again when its user starts it and it may: one %s', async (_, config) => {
    for (const { certificates, verb, pass, placed } of [setAside(config), await restarted(config)]) {
      certificates.isGiven = true;
      expect(await verb('start')).toMatchObject({ ok: true, value: { desired: 'running', observed: 'running' } });
      pass();
      expect(placed[0]).toMatchObject({ order: { purpose: 'open' } });
    }
  });

  it('is stopped and flattened by its user whatever a certificate says', async () => {
    for (const asked of ['stop', 'flatten'] as const) {
      const { verb } = await restarted(overBars);
      expect(await verb(asked)).toMatchObject({ ok: true, value: { desired: 'stopped', observed: 'stopped' } });
    }
  });

  it('sells after a restart what its entry had bought meanwhile', async () => {
    const { placed } = await restarted(overPrices, (fleet) => fleet.hearOrder(bot.id, boughtEntry()));
    expect(placed).toMatchObject([{ order: { side: 'sell', quantity: Quantity.of('0.01') } }]);
  });

  it('loses no fill that comes while a certificate is looked for', async () => {
    const { fleet, certificates, verb } = setAside(overBars);
    certificates.isGiven = true;
    certificates.meanwhile = () => fleet.hearOrder(bot.id, boughtEntry());
    expect(await verb('start')).toMatchObject({ ok: true, value: { observed: 'running', totals: { fills: 1 } } });
    const { memory } = fleet.get(bot.id) ?? {};
    expect([memory?.orders.length, memory?.kept]).toEqual([1, []]);
    expect(JSON.stringify(memory?.strategy)).toContain('"poolBase":"0.01"');
  });
});
