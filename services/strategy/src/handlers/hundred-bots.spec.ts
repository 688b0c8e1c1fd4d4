import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { Bus, listening } from '@scalpstorm/bus';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import {
  feedStatusChanged,
  type OrderRequested,
  orderRequested,
  quoteChanged,
  tradeTicked,
} from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import { type Bot, BotId, EventId, type Instrument, InstrumentId, type JsonObject, Price } from '@scalpstorm/model';
import { Metrics, SystemClock } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { scalpingCycle } from '@scalpstorm/strategies';
import { aBot, anInstrument, aQuote, eventually } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { Directory } from '../ports/directory.js';
import { Fleet } from './fleet.js';
import { MarketHandler } from './market.handler.js';
import { OrderSender, ofItself } from './order-sender.js';
import { WakeBots } from './wake-bots.js';

const symbols = ['BTC-USDT', 'ETH-USDT', 'SOL-USDT', 'XRP-USDT'];
const parameters: JsonObject = {
  quantity: '0.01',
  buyPrice: { offset: '-10', unit: 'bps', from: 'vwap' },
  sellPrice: { offset: '20', unit: 'bps', from: 'entry' },
  stopLossPercent: '2',
};
const metaAt = (now: Timestamp) => ({ eventId: EventId.of('e'), causedBy: null, occurredAt: now, recordedAt: now });

const instruments = new Map(symbols.map((symbol) => [InstrumentId.of('sim', symbol), instrumentOf(symbol)]));

function instrumentOf(symbol: string): Instrument {
  return anInstrument({ id: InstrumentId.of('sim', symbol), symbol });
}

class ManyInstruments extends Directory {
  async instrument(id: InstrumentId) {
    return this.knownInstrument(id);
  }
  knownInstrument(id: InstrumentId) {
    return instruments.get(id) ?? null;
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

/** Keeps what is asked for. */
class KeepingBus extends Bus {
  readonly state = 'connected';
  readonly reconnects = 0;
  readonly requests: OrderRequested[] = [];
  publish(): void {}
  async send(contract: unknown, event: unknown) {
    if (contract === orderRequested) this.requests.push(event as OrderRequested);
    return { duplicate: false };
  }
  async ask(): Promise<never> {
    throw new Error('nobody is asked here');
  }
}

/** The strategy process without its database and its network. */
async function processOf(bots: number) {
  const broker = new MemoryBroker();
  const subscriptions = jest.spyOn(broker, 'subscribe');
  const memory = new MemoryBus({ broker, speaker: 'strategy' });
  const marketData = new MemoryBus({ broker, speaker: 'market-data' });
  const [bus, store, market, clock] = [new KeepingBus(), new MemoryBotStore(), new MemoryMarket(), new SystemClock()];
  const log = new RecordingLog();
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, store, market, new ManyInstruments(), clock, log, new Metrics('strategy'));
  const handler = new MarketHandler(fleet, market, clock);
  await memory.receiver.receive({
    hears: [],
    listens: [
      listening(quoteChanged, (event) => handler.onQuote(event)),
      listening(tradeTicked, (event) => handler.onTrade(event)),
      listening(feedStatusChanged, (event) => handler.onFeedStatus(event)),
    ],
    answers: [],
  });
  const wake = new WakeBots(fleet, clock);
  wake.start();
  for (let index = 0; index < bots; index += 1) startOne(fleet, index);
  const close = async () => {
    await wake.beforeApplicationShutdown();
    await memory.close();
    await marketData.close();
  };
  return { bus, fleet, marketData: marketData.bus, subscriptions, close };
}

function startOne(fleet: Fleet, index: number): void {
  const instrumentId = InstrumentId.of('sim', symbols[index % symbols.length] ?? '');
  const instrument = instruments.get(instrumentId) ?? anInstrument();
  const configured = scalpingCycle.configure(parameters, instrument);
  if (!configured.ok) throw new Error(JSON.stringify(configured.error));
  const id = BotId.of(`bot_${index.toString(36).padStart(8, '0')}`);
  const bot: Bot = aBot({ id, config: { ...aBot().config, instrumentId, parameters } });
  fleet.join(bot, newMemory(configured.value.init()), { configured: configured.value, instrument });
  fleet.step(id, { kind: 'started' }, ofItself);
}

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('two hundred bots in one process', () => {
  const open: (() => Promise<void>)[] = [];

  afterEach(async () => {
    for (const close of open.splice(0)) await close();
    jest.restoreAllMocks();
  });

  async function resourcesOf(bots: number) {
    const before = timers();
    const intervals = jest.spyOn(globalThis, 'setInterval');
    const running = await processOf(bots);
    open.push(running.close);
    const used = {
      timers: timers() - before,
      intervals: intervals.mock.calls.length,
      subscriptions: running.subscriptions.mock.calls.length,
    };
    intervals.mockRestore();
    expect(running.fleet.all()).toHaveLength(bots);
    return used;
  }

  test('share one timer and the subscriptions of one', async () => {
    const one = await resourcesOf(1);
    expect(await resourcesOf(200)).toEqual(one);
    expect([one.intervals, one.subscriptions]).toEqual([1, 3]);
  });

  test('hear only their own market, and each asks for exactly one order', async () => {
    const { bus, fleet, marketData, close } = await processOf(200);
    open.push(close);
    const instrumentId = InstrumentId.of('sim', 'ETH-USDT');
    const now = new SystemClock().now();
    const meta = metaAt(now);
    const trade = { ...aTradeOf(instrumentId), occurredAt: now };
    marketData.publish(tradeTicked, { meta, trade });
    await eventually(() => expect(bus.requests).toHaveLength(50));
    for (let sequence = 1; sequence <= 5; sequence += 1) {
      marketData.publish(quoteChanged, { meta, quote: aQuote({ instrumentId, sequence, occurredAt: now }) });
    }
    marketData.publish(tradeTicked, { meta, trade: { ...trade, instrumentId: InstrumentId.of('sim', 'BTC-USDT') } });
    await eventually(() => expect(bus.requests).toHaveLength(100));
    const asked = new Set(bus.requests.map(({ order }) => order.botId));
    expect(asked.size).toBe(100);
    const listeningNow = fleet.all().filter(({ bot }) => asked.has(bot.id));
    expect(new Set(listeningNow.map(({ bot }) => bot.config.instrumentId)).size).toBe(2);
  });

  test('are written down in batches: one write under way for each, however many steps', async () => {
    const { fleet, close } = await processOf(200);
    open.push(close);
    const ids = fleet.all().map(({ bot }) => bot.id);
    expect(fleet.writes.unwritten()).toHaveLength(200);
    await Promise.all(ids.map((id) => fleet.written(id)));
    expect(fleet.writes.unwritten()).toEqual([]);
  });

  test('cost so much a quote (told, not judged)', async () => {
    const { fleet, close } = await processOf(200);
    open.push(close);
    const quote = { kind: 'quote', quote: aQuote({ instrumentId: InstrumentId.of('sim', 'BTC-USDT') }) } as const;
    const rounds = 200;
    let heard = 0;
    const began = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      for (const id of fleet.heeding(quote.quote.instrumentId)) {
        fleet.step(id, quote, ofItself);
        heard += 1;
      }
    }
    const micros = ((performance.now() - began) * 1_000) / heard;
    process.stderr.write(`a quote through a waiting bot: ${micros.toFixed(1)} µs\n`);
    expect(heard).toBe(rounds * 50);
  });
});

function aTradeOf(instrumentId: InstrumentId) {
  const { bidPrice, bidQuantity } = aQuote();
  return {
    instrumentId,
    tradeId: 't1' as never,
    price: bidPrice ?? Price.zero,
    quantity: bidQuantity,
    aggressor: 'buy' as const,
  };
}
