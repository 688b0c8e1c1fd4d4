import { describe, expect, test } from '@jest/globals';
import { MemoryBroker, MemoryBus } from '@scalpstorm/bus/testing';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { EventId, Price } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { type ConfiguredStrategy, noMeasures } from '@scalpstorm/strategies';
import { aBot, anInstrument, aQuote, aTrade, FakeClock } from '@scalpstorm/testkit';
import { MemoryBotStore } from '../../test/memory-bot-store.js';
import { BusDirectory } from '../adapters/bus-directory.js';
import { MemoryMarket } from '../adapters/memory-market.js';
import { newMemory } from '../domain/memory.js';
import { Fleet } from './fleet.js';
import { MarketHandler } from './market.handler.js';
import { OrderSender } from './order-sender.js';

const stop = Price.of('49000');

/** A bot with a stop-loss, and the bids at which it would have sold. */
function scene() {
  const clock = new FakeClock();
  const sold: string[] = [];
  const configured: ConfiguredStrategy = {
    warnings: [],
    measures: noMeasures,
    init: () => ({}),
    heedsMarket: () => true,
    step: (state, _event, { quote }) => {
      if (quote && quote.bidPrice <= stop) sold.push(Price.format(quote.bidPrice));
      return { state, effects: [] };
    },
  };
  const { bus } = new MemoryBus({ broker: new MemoryBroker(), speaker: 'strategy' });
  const [market, log, metrics] = [new MemoryMarket(), new RecordingLog(), new Metrics('strategy')];
  const orders = new OrderSender(bus, { isHeld: true }, clock, log);
  const fleet = new Fleet(orders, new MemoryBotStore(), market, new BusDirectory(bus), clock, log, metrics);
  fleet.join(aBot(), newMemory({}), { configured, instrument: anInstrument() });
  const handler = new MarketHandler(fleet, market, clock);
  const metaOf = (ago: Micros) => {
    const at = Timestamp.plus(clock.now(), -ago);
    return { eventId: EventId.of('e'), causedBy: null, occurredAt: at, recordedAt: at };
  };
  const hear = (bid: string, ago: Micros) => {
    const meta = metaOf(ago);
    handler.onQuote({ meta, quote: aQuote({ bidPrice: Price.of(bid), occurredAt: meta.occurredAt }) });
  };
  const trade = (ago: Micros) => {
    const meta = metaOf(ago);
    handler.onTrade({ meta, trade: aTrade({ occurredAt: meta.occurredAt }) });
  };
  return { hear, trade, sold };
}

describe('a stop-loss', () => {
  test('is not decided on a price that waited in a crowded bus, nor on one that a newer has overtaken', () => {
    const { hear, trade, sold } = scene();
    hear('48000', 6 * second);
    trade(6 * second);
    expect(sold).toEqual([]);
    hear('50000', 0);
    hear('48000', second);
    trade(0);
    expect(sold).toEqual([]);
  });

  test('is decided on the newest price, also after a late one', () => {
    const { hear, sold } = scene();
    hear('50000', second);
    hear('48000', 2 * second);
    hear('48500', 0);
    expect(sold).toEqual(['48500']);
  });
});
