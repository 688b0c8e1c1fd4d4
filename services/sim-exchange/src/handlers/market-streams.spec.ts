import { beforeEach, describe, expect, test } from '@jest/globals';
import { OrderBook } from '@scalpstorm/matching';
import { Exchange } from '../domain/exchange.js';
import { Market, type PublicTrade } from '../domain/market.js';
import { syntheticSpec } from '../domain/synthetic/default-markets.js';
import { VenueNews } from '../domain/venue-news.js';
import { TextSocket } from '../ports/text-socket.js';
import { MarketStreams, tickMs } from './market-streams.js';
import { StreamHub } from './stream-hub.js';
import { createSyntheticFeed } from './synthetic-feed.js';

interface Heard {
  readonly at: number;
  readonly event: Record<string, unknown> & { readonly k?: Record<string, unknown> };
}

/** A listener with a clock of its own: when did what come? */
class Listener extends TextSocket {
  readonly heard: Heard[] = [];

  constructor(private readonly now: () => number) {
    super();
  }

  send(text: string, stream?: string): void {
    if (stream !== undefined) this.heard.push({ at: this.now(), event: JSON.parse(text) as Heard['event'] });
  }
}

class Silence extends VenueNews {
  traded(): void {}
  quoteChanged(): void {}
  orderChanged(): void {}
  balancesChanged(): void {}
}

const start = 1_800_000_000_350;
let now: number;
let hub: StreamHub;
let market: Market;
let streams: MarketStreams;

beforeEach(() => {
  now = start;
  hub = new StreamHub();
  market = new Market(syntheticSpec('BTC-USDT'), new OrderBook());
  market.remember({ id: 1, price: 6_000_000, quantity: 1, buyerIsMaker: true, time: now - 1_000 });
  streams = new MarketStreams(hub, market);
});

const listen = (stream: string): Listener => {
  const listener = new Listener(() => now);
  hub.open(listener, [stream], false);
  return listener;
};
const run = (ms: number, step: () => number = () => tickMs): void => {
  for (const end = now + ms; now < end; ) {
    now += step();
    streams.tick(now);
  }
};
/** The longest time without an event, from the start to the end of the run. */
const longestGap = (times: readonly number[], from = start): number =>
  [...times, now].reduce(
    (gap, time, index) => Math.max(gap, time - (index === 0 ? from : Number(times[index - 1]))),
    0,
  );
const times = ({ heard }: Listener): readonly number[] => heard.map(({ at }) => at);

describe('on a market where nothing happens at all', () => {
  test('the depth of every second is told, in a chain without gaps, with the time of the clock', () => {
    const listener = listen('btcusdt@depth');
    run(60_000);
    expect(listener.heard.length).toBeGreaterThanOrEqual(60);
    expect(longestGap(times(listener))).toBeLessThanOrEqual(1_000);
    listener.heard.forEach(({ at, event }, index) => {
      expect(event['E']).toBe(at);
      const before = listener.heard[index - 1]?.event;
      if (before !== undefined) expect(event['U']).toBe(Number(before['u']) + 1);
    });
  });

  test('so is the fast depth, and a timer that is late does not make it late', () => {
    const listener = listen('btcusdt@depth@100ms');
    let late = 0;
    run(60_000, () => {
      late = (late + 1) % 3;
      return tickMs + late * 120;
    });
    expect(longestGap(times(listener))).toBeLessThanOrEqual(1_000);
  });

  test('a candle is told at least every two seconds, and each one when it is closed', () => {
    const minute = listen('btcusdt@kline_1m');
    const second = listen('btcusdt@kline_1s');
    run(130_000);
    expect(longestGap(times(minute))).toBeLessThanOrEqual(2_000);
    expect(longestGap(times(second))).toBeLessThanOrEqual(2_000);
    expect(minute.heard.every(({ at, event }) => event['E'] === at)).toBe(true);
    expect(minute.heard.filter(({ event }) => event.k?.['x'] === true)).toHaveLength(2);
    expect(second.heard.filter(({ event }) => event.k?.['x'] === true)).toHaveLength(130);
  });

  test('who comes back to a candle stream hears nothing of the candles in between', () => {
    const first = listen('btcusdt@kline_1s');
    run(2_000);
    hub.close(first);
    run(20_000);
    const second = listen('btcusdt@kline_1s');
    run(200);
    expect(second.heard.map(({ event }) => event.k?.['x'])).toEqual([false]);
  });

  test('a clock that is put back does not stop the streams', () => {
    const listeners = ['depth', 'depth@100ms', 'kline_1m'].map((stream) => listen(`btcusdt@${stream}`));
    run(3_000);
    now -= 3_600_000;
    const back = now;
    for (const { heard } of listeners) heard.length = 0;
    run(5_000);
    for (const listener of listeners) expect(longestGap(times(listener), back)).toBeLessThanOrEqual(1_000);
  });
});

describe('the crowd', () => {
  const trades = (speed: number): readonly PublicTrade[] => {
    const told: PublicTrade[] = [];
    class Trades extends Silence {
      override traded(_market?: Market, trade?: PublicTrade): void {
        if (trade !== undefined) told.push(trade);
      }
    }
    const exchange = new Exchange(new Trades());
    const symbols = ['BTC-USDT'];
    const feed = createSyntheticFeed(exchange, {
      symbols,
      seed: 1,
      speed,
      now: () => now,
      historyDays: 0,
      pastOf: () => ({ tradeId: 1, lastPrice: null, candles: null }),
      livesBefore: 0,
    });
    told.length = 0;
    for (const end = now + 60_000; now < end; now += 20) feed.wake();
    return told;
  };

  test.each([1, 0.01])('trades at least every two seconds at %f times the pace, by the clock', (speed) => {
    const times = trades(speed).map(({ time }) => time);
    expect(longestGap(times)).toBeLessThanOrEqual(2_000);
    expect(times.every((time) => time >= start && time <= now)).toBe(true);
  });
});
