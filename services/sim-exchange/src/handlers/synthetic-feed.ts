import { OrderBook, type Ticks } from '@scalpstorm/matching';
import type { Exchange } from '../domain/exchange.js';
import type { SavedCandles } from '../domain/journal.js';
import { Market } from '../domain/market.js';
import type { MarketSpec } from '../domain/market-spec.js';
import { openCandles } from '../domain/synthetic/candles-before.js';
import { Crowd, stepSeconds } from '../domain/synthetic/crowd.js';
import { syntheticSpec } from '../domain/synthetic/default-markets.js';

const warmUpSteps = 300;
const livesApart = 7_919_017;
const stepMs = stepSeconds * 1000;
/** Wake-ups a second are bounded; a high speed makes more steps at each. */
const wakeMs = 20;
const stepsPerWakeMax = 500;
/** However slow market time goes, nobody waits longer for a trade: that is a promise about the wall clock. */
const quietMsMax = 1_500;
const stepsToTradeMax = 20;

/** What an earlier life of a market left for this one. */
export interface MarketPast {
  /** The first trade has a higher id. */
  readonly tradeId: number;
  readonly lastPrice: Ticks | null;
  readonly candles: SavedCandles | null;
}

export interface SyntheticFeed {
  /** Everybody decides that many times, now. */
  step(steps: number): void;
  /** Makes the steps that are due since the last call; {@link start} has it called on a timer. */
  wake(): void;
  start(): void;
  stop(): void;
}

/** The markets of a seed, with history and a two-sided book. Market time goes in steps; the wall clock only says how many are due. */
export function createSyntheticFeed(
  exchange: Exchange,
  options: {
    readonly symbols: readonly string[];
    readonly seed: number;
    readonly speed: number;
    /** Candles are told of so many days. */
    readonly historyDays: number;
    readonly now: () => number;
    readonly pastOf: (spec: MarketSpec) => MarketPast;
    /** How many lives went before: each has its own luck. */
    readonly livesBefore: number;
  },
): SyntheticFeed {
  const { now } = options;
  const start = now();
  const crowds = options.symbols.map((symbol, index) => {
    const spec = syntheticSpec(symbol);
    const past = options.pastOf(spec);
    const market = new Market(spec, new OrderBook(), past.tradeId, options.historyDays);
    exchange.addMarket(market);
    const luck = options.seed * 1_000 + index + options.livesBefore * livesApart;
    const crowd = new Crowd(exchange, market, luck | 0, past.lastPrice);
    const warmUpFrom = start - warmUpSteps * stepMs;
    const { seed, historyDays: days } = options;
    const opening = { opensAt: start, warmUpFrom, price: crowd.startsAt, seed, days };
    crowd.warmUp(openCandles(market, opening, past.candles), start, warmUpSteps);
    return { crowd, market };
  });
  const step = (steps: number): void => {
    for (let index = 0; index < steps; index += 1) for (const { crowd } of crowds) crowd.step(now());
  };
  let timer: NodeJS.Timeout | null = null;
  let last = start;
  let due = 0;
  const wake = (): void => {
    const time = now();
    due += (Math.max(0, time - last) / stepMs) * options.speed;
    last = time;
    const steps = Math.min(Math.floor(due), stepsPerWakeMax);
    // What a wake-up cannot do is not owed: the market is then as fast as the machine.
    due = Math.min(due - steps, stepsPerWakeMax);
    step(steps);
    for (const { crowd, market } of crowds) {
      const isQuiet = (): boolean => time - (market.tape.last?.time ?? 0) >= quietMsMax;
      for (let extra = 0; extra < stepsToTradeMax && isQuiet(); extra += 1) crowd.step(time);
    }
  };
  return {
    step,
    wake,
    start: () => {
      last = now();
      timer = setInterval(wake, wakeMs);
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
    },
  };
}
