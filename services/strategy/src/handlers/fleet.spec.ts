import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import type { Timestamp } from '@scalpstorm/kernel';
import { BotId, EventId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { StoreUnavailable } from '@scalpstorm/store';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { endAfter, StrategyLoops } from '@scalpstorm/strategy-files';
import { aBot, aFill, anActivity, anInstrument, anOrder, aQuote } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { Directory } from '../ports/directory.js';
import { Fleet } from './fleet.js';
import { OrderEventsHandler } from './order-events.handler.js';
import { OrderSender, ofItself } from './order-sender.js';

/** Says something at every event; from the first order event on no price matters to it, until the next. */
const talkative: ConfiguredStrategy = {
  warnings: [],
  measures: noMeasures,
  init: () => ({}),
  heedsMarket: ({ rests }) => rests !== true,
  step: (state, { kind }) => ({
    state: { rests: kind === 'order-changed' && state['rests'] !== true },
    effects: [{ kind: 'log', level: 'INFO', code: kind.toUpperCase(), text: 'heard', data: {} }],
  }),
};

const forEver = (): never => {
  for (;;);
};

class NoDirectory extends Directory {
  async instrument() {
    return null;
  }
  knownInstrument() {
    return null;
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

function world() {
  const store = new MemoryBotStore();
  const log = new RecordingLog();
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const metrics = new Metrics('strategy');
  const [clock, lease] = [new SystemClock(), { isHeld: true }];
  const orders = new OrderSender(bus, lease, clock, log);
  const fleet = new Fleet(orders, store, new MemoryMarket(), new NoDirectory(), clock, log, metrics);
  const bot = aBot();
  fleet.join(bot, newMemory({}), { configured: talkative, instrument: anInstrument() });
  return { store, log, lease, fleet, bot };
}

const quote = { kind: 'quote', quote: aQuote() } as const;
const denial = { code: 'TRADING_HALTED', text: 'no', limit: '', value: '', next: 'Wait.' };
const metaOf = (at: Timestamp) => ({ eventId: EventId.of('e1'), causedBy: null, occurredAt: at, recordedAt: at });

describe('the bots of this process', () => {
  test('while Postgres is away a bot takes market steps up to a bound, and order events always', async () => {
    const { store, fleet, bot } = world();
    store.failWith(new StoreUnavailable('down'));
    let steps = 0;
    while (fleet.step(bot.id, quote, ofItself)) steps += 1;
    expect(steps).toBe(500);
    expect(fleet.step(bot.id, { kind: 'tick' }, ofItself)).toBe(false);
    expect(fleet.step(bot.id, { kind: 'order-changed', order: anOrder({ version: 1 }), fill: null }, ofItself)).toBe(
      true,
    );
    store.failWith(null);
    await fleet.written(bot.id);
    expect(store.committed.flatMap(({ activities }) => activities)).toHaveLength(501);
    expect(fleet.step(bot.id, quote, ofItself)).toBe(true);
  });

  test('without the lease a bot decides nothing by market and time, and what became of its order waits', async () => {
    const { store, fleet, lease, bot } = world();
    const events = new OrderEventsHandler(fleet, lease);
    const order = anOrder({ version: 1 });
    const event = { kind: 'accepted', venueOrderId: aFill().venueOrderId } as const;
    const changed = { meta: metaOf(order.updatedAt), order, event };
    const denied = { meta: metaOf(order.updatedAt), order: order.request, denial };
    lease.isHeld = false;
    expect([fleet.step(bot.id, quote, ofItself), fleet.step(bot.id, { kind: 'tick' }, ofItself)]).toEqual([
      false,
      false,
    ]);
    expect(await events.onChanged(changed)).toMatchObject({ kind: 'retry' });
    expect(await events.onDenied(denied)).toMatchObject({ kind: 'retry' });
    expect([store.begun, fleet.get(bot.id)?.memory]).toEqual([0, newMemory({})]);
    lease.isHeld = true;
    expect(await events.onChanged(changed)).toEqual({ kind: 'done' });
    expect(await events.onDenied(denied)).toEqual({ kind: 'done' });
    expect(store.committed.flatMap(({ activities }) => activities.map(({ code }) => code))).toEqual([
      'ORDER-CHANGED',
      'ORDER-DENIED',
    ]);
  });

  describe('after a rule that did not end', () => {
    /** It loops when it hears a quote, once; then it is in error. */
    function withLooping() {
      const all = world();
      const looping = aBot({ id: BotId.of('bot_00000002'), desired: 'running', observed: 'running' });
      let asked = 0;
      const step: ConfiguredStrategy['step'] = (state) => {
        if (state['rests'] === true) return { state, effects: [] };
        asked += 1;
        expect(() => endAfter(5, forEver)).toThrow(StrategyLoops);
        const reason = { code: 'STRATEGY_LOOPS', text: 'it had not finished' };
        return { state: { rests: true }, effects: [{ kind: 'reached', milestone: 'failed', reason }] };
      };
      all.fleet.join(looping, newMemory({}), { configured: { ...talkative, step }, instrument: anInstrument() });
      expect(all.fleet.step(looping.id, quote, ofItself)).toBe(true);
      return { ...all, looping, asked: () => asked };
    }
    const changed = { kind: 'order-changed', order: anOrder({ version: 1 }), fill: null } as const;
    const bar = { kind: 'bar' } as const;

    test('the others hear the market in the next turn, and of their orders at once', async () => {
      const { fleet, bot, looping, asked } = withLooping();
      const kinds = [quote, bar, { kind: 'tick' }, changed] as const;
      expect(kinds.map((event) => fleet.step(bot.id, event, ofItself))).toEqual([false, false, false, true]);
      await nextTurn();
      expect(fleet.step(bot.id, quote, ofItself)).toBe(true);
      fleet.step(looping.id, quote, ofItself);
      expect(fleet.step(bot.id, quote, ofItself)).toBe(true);
      expect(asked()).toBe(1);
    });
  });

  test('a bot that could not be deleted is back with everything that was not written of it', async () => {
    const { store, fleet, bot } = world();
    fleet.step(bot.id, quote, ofItself);
    store.failWith(new StoreUnavailable('down'));
    store.hold();
    const deleting = fleet.delete(bot.id, 'c1', anActivity({ code: 'BOT_DELETED' }));
    expect([fleet.get(bot.id), fleet.aside.get(bot.id)]).toMatchObject([null, { bot, fault: null }]);
    store.release();
    await expect(deleting).rejects.toThrow('down');
    expect([fleet.get(bot.id)?.bot, fleet.aside.get(bot.id)]).toEqual([bot, null]);
    store.failWith(null);
    await fleet.written(bot.id);
    expect(store.committed).toMatchObject([{ deleted: false, activities: [{ code: 'QUOTE' }] }]);
  });

  test('a bot is deleted together with what was not written of it, and hears nothing more', async () => {
    const { store, fleet, bot } = world();
    fleet.step(bot.id, quote, ofItself);
    await fleet.delete(bot.id, 'c1', anActivity({ code: 'BOT_DELETED' }));
    expect(store.committed).toMatchObject([
      { deleted: true, visible: true, activities: [{ code: 'QUOTE' }, { code: 'BOT_DELETED' }] },
    ]);
    expect(fleet.step(bot.id, quote, ofItself)).toBe(false);
    expect([...fleet.heeding(bot.config.instrumentId)]).toEqual([]);
    await fleet.written(bot.id);
    expect(store.begun).toBe(1);
  });

  test('a bot to which no price matters is left out when one comes, as long as that is so', () => {
    const { fleet, bot } = world();
    const heeding = () => [...fleet.heeding(bot.config.instrumentId)];
    const order = (version: number) => ({ kind: 'order-changed', order: anOrder({ version }), fill: null }) as const;
    expect(heeding()).toEqual([bot.id]);
    fleet.step(bot.id, order(1), ofItself);
    expect(heeding()).toEqual([]);
    fleet.step(bot.id, order(2), ofItself);
    expect(heeding()).toEqual([bot.id]);
  });

  test('a strategy that can not tell from its state whether prices matter is told of all of them', () => {
    const { fleet, bot } = world();
    const broken = () => {
      throw new Error('two and two are five');
    };
    const configured = { ...talkative, heedsMarket: broken };
    fleet.join(bot, newMemory({}), { configured, instrument: anInstrument() });
    expect([...fleet.heeding(bot.config.instrumentId)]).toEqual([bot.id]);
  });
});
