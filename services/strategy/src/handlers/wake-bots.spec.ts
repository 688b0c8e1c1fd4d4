import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { BotId } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { aBot, anInstrument } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { BusDirectory } from '../adapters/bus-directory.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { Fleet } from './fleet.js';
import { OrderSender } from './order-sender.js';
import { WakeBots } from './wake-bots.js';

/** Bots of which nobody asked to be woken, and how often each heard the time. */
function rig(bots: number) {
  const heard = new Map<string, number>();
  const configured: ConfiguredStrategy = {
    warnings: [],
    measures: noMeasures,
    init: () => ({}),
    heedsMarket: () => false,
    step: (state, _event, { botId }) => {
      heard.set(botId, (heard.get(botId) ?? 0) + 1);
      return { state, effects: [] };
    },
  };
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const clock = new SystemClock();
  const metrics = new Metrics('strategy');
  const directory = new BusDirectory(bus);
  const log = new RecordingLog();
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, new MemoryBotStore(), new MemoryMarket(), directory, clock, log, metrics);
  for (let index = 0; index < bots; index += 1) {
    const bot = aBot({ id: BotId.of(`bot_${index.toString(36).padStart(8, '0')}`), observed: 'running' });
    fleet.join(bot, newMemory({}), { configured, instrument: anInstrument() });
  }
  return { heard, wake: new WakeBots(fleet, clock) };
}

describe('the time', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  test('is told to every bot once a second, to a share of them at a time', async () => {
    const bots = 12;
    const { heard, wake } = rig(bots);
    wake.start();
    jest.advanceTimersByTime(200);
    expect(heard.size).toBeGreaterThan(0);
    expect(heard.size).toBeLessThan(bots / 2);
    jest.advanceTimersByTime(800);
    expect([...heard.values()]).toEqual(Array.from({ length: bots }, () => 1));
    jest.advanceTimersByTime(2_000);
    expect([...heard.values()]).toEqual(Array.from({ length: bots }, () => 3));
    jest.useRealTimers();
    await wake.beforeApplicationShutdown();
  });

  test('is told to no more than so many in a round, however many there are, and to every one of them', async () => {
    const bots = 2_600;
    const { heard, wake } = rig(bots);
    wake.start();
    jest.advanceTimersByTime(200);
    expect(heard.size).toBeGreaterThan(200);
    expect(heard.size).toBeLessThanOrEqual(250);
    jest.advanceTimersByTime(2_000);
    expect([...heard.values()]).toEqual(Array.from({ length: bots }, () => 1));
    jest.useRealTimers();
    await wake.beforeApplicationShutdown();
  });
});
