import { describe, expect, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { type CancelRequested, cancelRequested, type OrderChanged } from '@scalpstorm/contracts';
import { assert } from '@scalpstorm/kernel';
import {
  type Bot,
  BotId,
  ClientOrderId,
  EventId,
  type JsonObject,
  type Leg,
  type Order,
  Quantity,
} from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { type ConfiguredStrategy, noMeasures, scalpingCycle } from '@scalpstorm/strategies';
import { aBot, aFill, anInstrument, anOrder, anOrderRequest, aQuote } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { memoryToJson, newMemory } from '../domain/memory.js';
import type { StoredBot } from '../ports/bot-store.js';
import { Directory } from '../ports/directory.js';
import { CommandAside } from './command-aside.js';
import { Fleet } from './fleet.js';
import { OrderSender, ofItself } from './order-sender.js';
import { RestoreBots } from './restore-bots.js';

/** Counts what it hears, and breaks a rule of its own on a quote while `broken` is set. */
class Fragile implements ConfiguredStrategy {
  broken = true;
  readonly warnings = [];
  readonly measures = noMeasures;
  readonly heard: string[] = [];
  init = (): JsonObject => ({ events: 0 });
  heedsMarket = () => true;
  step: ConfiguredStrategy['step'] = (state, event) => {
    assert(!(this.broken && (event.kind === 'quote' || event.kind === 'order-changed')), 'two and two are five');
    this.heard.push(event.kind === 'order-changed' ? `order version ${event.order.version}` : event.kind);
    return { state: { events: Number(state['events']) + 1 }, effects: [] };
  };
}

class KnownDirectory extends Directory {
  async instrument() {
    return anInstrument();
  }
  knownInstrument() {
    return anInstrument();
  }
  async refresh() {}
  symbols() {
    return [];
  }
  async lastPrice() {
    return null;
  }
  async accounts() {
    return [];
  }
}

const fragileBot = aBot();
const soundBot = aBot({ id: BotId.of('bot_00000002') });
const parameters: JsonObject = { quantity: '0.01', buyPrice: { fixed: '50000' }, sellPrice: { fixed: '51000' } };
const quote = { kind: 'quote', quote: aQuote() } as const;

function world() {
  const store = new MemoryBotStore();
  const log = new RecordingLog();
  const broker = new MemoryBroker();
  const { bus } = new MemoryBus({ broker, speaker: 'strategy' });
  const metrics = new Metrics('strategy');
  const clock = new SystemClock();
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, store, new MemoryMarket(), new KnownDirectory(), clock, log, metrics);
  const restore = new RestoreBots(fleet, log, { register: () => undefined } as never);
  const fragile = new Fragile();
  const canceled: CancelRequested[] = [];
  bus.send = (async (contract: unknown, event: unknown) => {
    if (contract === cancelRequested) canceled.push(event as CancelRequested);
    return { duplicate: false };
  }) as typeof bus.send;
  const join = (bot: Bot) =>
    fleet.join(bot, newMemory(fragile.init()), { configured: fragile, instrument: anInstrument() });
  return { store, log, fleet, restore, fragile, canceled, join, aside: new CommandAside(fleet, restore) };
}

const idOf = (bot: Bot, leg: Leg) => ClientOrderId.forSlot({ botId: bot.id, cycle: 0, leg, attempt: 0 });

function changedOf(bot: Bot, leg: Leg, changes: Partial<Order> = {}): OrderChanged {
  const request = anOrderRequest({ botId: bot.id, clientOrderId: idOf(bot, leg), side: 'buy' });
  const order = anOrder({ request, version: 1, status: 'accepted', ...changes });
  const filled = order.filledQuantity > 0n;
  const fill = aFill({ clientOrderId: request.clientOrderId, quantity: order.filledQuantity });
  const meta = { eventId: EventId.of('e1'), causedBy: null, occurredAt: order.updatedAt, recordedAt: order.updatedAt };
  return {
    meta,
    order,
    event: filled ? { kind: 'filled', fill } : { kind: 'accepted', venueOrderId: fill.venueOrderId },
  };
}

const stored = (bot: Bot, state: JsonObject): StoredBot => ({ bot, state, instrument: anInstrument() });
const withConfig = (bot: Bot, changes: Partial<Bot['config']>): Bot => ({
  ...bot,
  config: { ...bot.config, ...changes },
});

describe('a bot whose strategy breaks a rule of its own', () => {
  test('is set aside with code, reason and next step, and the others go on', () => {
    const { fleet, fragile, join, log } = world();
    join(fragileBot);
    fleet.step(fragileBot.id, quote, ofItself);
    expect(fleet.get(fragileBot.id)).toBeNull();
    const { bot } = fleet.aside.get(fragileBot.id) ?? {};
    expect(bot).toMatchObject({ desired: 'stopped', observed: 'error', reason: { code: 'BOT_STEP_FAILED' } });
    expect(bot?.reason.text).toMatch(/two and two are five\. Start it again/);
    expect(log.lines.map(({ level }) => level)).toEqual(['error', 'error']);
    fragile.broken = false;
    join(soundBot);
    expect(fleet.step(soundBot.id, quote, ofItself)).toBe(true);
  });

  test('tells its user once, as an ERROR', async () => {
    const { fleet, join, store } = world();
    join(fragileBot);
    for (let times = 0; times < 3; times += 1) fleet.step(fragileBot.id, quote, ofItself);
    await fleet.written(fragileBot.id);
    expect(store.committed).toMatchObject([
      { visible: true, activities: [{ level: 'ERROR', code: 'BOT_STEP_FAILED', botId: fragileBot.id }] },
    ]);
  });

  test('has its entry canceled, and its exit left where it is', () => {
    const { fleet, join, fragile, canceled } = world();
    join(fragileBot);
    fragile.broken = false;
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'entry'));
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'exit'));
    fragile.broken = true;
    fleet.step(fragileBot.id, quote, ofItself);
    expect(canceled.map(({ clientOrderId, reason }) => [clientOrderId, reason])).toEqual([
      [idOf(fragileBot, 'entry'), 'stop'],
    ]);
  });

  test('has its fills counted and kept, across a restart, and told to its strategy when it runs again', async () => {
    const { fleet, join, fragile, store, restore } = world();
    join(fragileBot);
    const half = Quantity.of('0.005');
    const whole = Quantity.of('0.01');
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'entry', { version: 3, filledQuantity: half }));
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'entry', { version: 4, filledQuantity: whole }));
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'entry', { version: 4, filledQuantity: whole }));
    await fleet.written(fragileBot.id);
    const [written] = await store.loadAll();
    expect(written?.bot.totals).toMatchObject({ fills: 2, held: whole });
    expect(store.committed.flatMap(({ activities }) => activities.map(({ code }) => code))).toEqual([
      'BOT_STEP_FAILED',
      'FILLED_WHILE_ASIDE',
      'FILLED_WHILE_ASIDE',
    ]);
    const memory = fleet.aside.get(fragileBot.id)?.memory;
    fragile.broken = false;
    fleet.join(written?.bot ?? fragileBot, memory ?? newMemory({}), {
      configured: fragile,
      instrument: anInstrument(),
    });
    restore.restore(fragileBot.id);
    expect(fragile.heard).toEqual(['paused', 'restored', 'order version 4']);
    const { bot, memory: after } = fleet.get(fragileBot.id) ?? {};
    expect([bot?.totals.fills, after?.kept]).toEqual([2, []]);
  });

  test('that breaks again on what was kept keeps it', () => {
    const { fleet, join, restore } = world();
    join(fragileBot);
    fleet.hearOrder(fragileBot.id, changedOf(fragileBot, 'entry'));
    const aside = fleet.aside.get(fragileBot.id);
    if (!aside) throw new Error('not set aside');
    fleet.join(aside.bot, aside.memory, { configured: new Fragile(), instrument: anInstrument() });
    restore.restore(fragileBot.id);
    expect(fleet.aside.get(fragileBot.id)?.memory.kept).toHaveLength(1);
  });
});

describe('a stored bot that can not be run', () => {
  const cycling = withConfig(fragileBot, { parameters });

  test.each<[string, string, StoredBot, string]>([
    [
      'whose strategy is gone',
      'BOT_STRATEGY_GONE',
      stored(withConfig(cycling, { strategy: 'gone' }), memoryToJson(newMemory({}))),
      'version',
    ],
    [
      'whose parameters are refused by now',
      'BOT_PARAMETERS_REFUSED',
      stored(withConfig(cycling, { parameters: {} }), memoryToJson(newMemory({}))),
      'Edit',
    ],
    ['whose state is no state', 'BOT_STATE_UNREADABLE', stored(cycling, { nothing: true }), 'back-up'],
  ])('%s is told so, and does not keep the others down', async (_name, code, broken, next) => {
    const { fleet, store } = world();
    const sound = stored({ ...cycling, id: soundBot.id }, memoryToJson(newMemory(unwrapInit())));
    expect([await fleet.takeIn(broken), await fleet.takeIn(sound)]).toEqual([false, true]);
    await fleet.written(cycling.id);
    expect(store.committed).toMatchObject([{ activities: [{ level: 'ERROR', code, botId: cycling.id }] }]);
    const { bot } = fleet.aside.get(cycling.id) ?? {};
    expect(bot).toMatchObject({ observed: 'error', reason: { code } });
    expect(bot?.reason.text).toContain(next);
  });

  const unwrapInit = (): JsonObject => {
    const configured = scalpingCycle.configure(parameters, anInstrument());
    if (!configured.ok) throw new Error('the parameters of this spec are refused');
    return configured.value.init();
  };

  test('keeps the state that could not be read, untouched, beside what was heard since', async () => {
    const { fleet, store } = world();
    await fleet.takeIn(stored(cycling, { precious: 'bits' }));
    fleet.hearOrder(cycling.id, changedOf(cycling, 'entry', { version: 2, filledQuantity: Quantity.of('0.01') }));
    await fleet.written(cycling.id);
    const [again] = await store.loadAll();
    expect(again?.state).toMatchObject({ unreadable: { precious: 'bits' }, kept: [{ version: 2 }] });
    const second = world();
    if (again) await second.fleet.takeIn(again);
    expect(second.fleet.aside.get(cycling.id)).toMatchObject({
      bot: { totals: { fills: 1 } },
      memory: { unreadable: { precious: 'bits' }, kept: [{ version: 2 }] },
    });
    // Everybody was told when it happened.
    expect(second.store.begun).toBe(0);
  });

  test('runs again when a start finds nothing wrong any more, and hears what was kept', async () => {
    const { fleet, aside, store } = world();
    const gone = withConfig(cycling, { strategy: 'gone' });
    await fleet.takeIn(stored(gone, memoryToJson(newMemory(unwrapInit()))));
    fleet.hearOrder(gone.id, changedOf(gone, 'entry', { version: 2, filledQuantity: Quantity.of('0.01') }));
    const start = { kind: 'verb', commandId: 'c1', userId: gone.userId, botId: gone.id, verb: 'start' } as const;
    expect(await aside.verb(start)).toMatchObject({ ok: false, refusals: [{ code: 'BOT_QUARANTINED' }] });
    const edited = await aside.edit('c2', gone.id, { ...gone.config, strategy: 'scalping-cycle' });
    expect(edited).toMatchObject({ ok: true, value: { observed: 'error', totals: { fills: 1 } } });
    expect(await aside.verb(start)).toBeNull();
    expect(fleet.get(gone.id)?.memory.kept).toEqual([]);
    expect(JSON.stringify(fleet.get(gone.id)?.memory.strategy)).toContain('"filled":"0.01"');
    expect((await store.loadAll())[0]?.bot.config.strategy).toBe('scalping-cycle');
  });

  test('can be stopped and deleted, and refuses what only its strategy can do', async () => {
    const { fleet, aside, canceled, store } = world();
    const gone = withConfig(cycling, { strategy: 'gone' });
    await fleet.takeIn(stored(gone, memoryToJson(newMemory(unwrapInit()))));
    fleet.hearOrder(gone.id, changedOf(gone, 'exit'));
    const verb = (name: 'stop' | 'pause' | 'flatten') =>
      aside.verb({ kind: 'verb', commandId: name, userId: gone.userId, botId: gone.id, verb: name });
    expect(await verb('pause')).toMatchObject({ refusals: [{ allowed: 'start, stop, edit, delete' }] });
    expect(await verb('flatten')).toMatchObject({ refusals: [{ code: 'BOT_QUARANTINED' }] });
    expect(await verb('stop')).toMatchObject({ ok: true });
    expect(canceled.map(({ reason }) => reason)).toEqual(['stop']);
    fleet.hearOrder(gone.id, changedOf(gone, 'entry', { version: 2, filledQuantity: Quantity.of('0.01') }));
    expect(await aside.delete('d1', gone.id, gone.userId)).toMatchObject({ ok: true });
    expect(store.committed.at(-1)).toMatchObject({ deleted: true });
    expect(store.committed.at(-1)?.activities.at(-1)).toMatchObject({
      ...{ level: 'WARNING', code: 'BOT_DELETED', text: expect.stringContaining('0.01 BTC that it held stay') },
      data: { next: expect.stringContaining('Sell them at the venue') },
    });
    expect(fleet.aside.get(gone.id)).toBeNull();
  });
});
