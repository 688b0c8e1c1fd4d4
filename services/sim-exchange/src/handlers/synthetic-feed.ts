import { OrderBook } from '@scalpstorm/matching';
import type { Exchange } from '../domain/exchange.js';
import { Market } from '../domain/market.js';
import { Crowd, stepSeconds } from '../domain/synthetic/crowd.js';
import { syntheticSpec } from '../domain/synthetic/default-markets.js';

const historyMinutes = 600;
const warmUpSteps = 300;
const stepMs = stepSeconds * 1000;
/** Wake-ups a second are bounded; a high speed makes more steps at each. */
const wakeMs = 20;
const stepsPerWakeMax = 500;

export interface SyntheticFeed {
  /** Everybody decides that many times, now. */
  step(steps: number): void;
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
    readonly now: () => number;
  },
): SyntheticFeed {
  const { now } = options;
  const start = now();
  const crowds = options.symbols.map((symbol, index) => {
    const market = new Market(syntheticSpec(symbol), new OrderBook());
    exchange.addMarket(market);
    const crowd = new Crowd(exchange, market, (options.seed * 1_000 + index) | 0);
    const warmUpFrom = start - warmUpSteps * stepMs;
    crowd.makeHistory(start - historyMinutes * 60_000, warmUpFrom);
    for (let step = 0; step < warmUpSteps; step += 1) crowd.step(warmUpFrom + step * stepMs);
    return crowd;
  });
  const step = (steps: number): void => {
    for (let index = 0; index < steps; index += 1) for (const crowd of crowds) crowd.step(now());
  };
  let timer: NodeJS.Timeout | null = null;
  let last = start;
  let due = 0;
  const wake = (): void => {
    const time = now();
    due += ((time - last) / stepMs) * options.speed;
    last = time;
    const steps = Math.min(Math.floor(due), stepsPerWakeMax);
    // What a wake-up cannot do is not owed: the market is then as fast as the machine.
    due = Math.min(due - steps, stepsPerWakeMax);
    step(steps);
  };
  return {
    step,
    start: () => {
      last = now();
      timer = setInterval(wake, wakeMs);
    },
    stop: () => {
      if (timer !== null) clearInterval(timer);
    },
  };
}
