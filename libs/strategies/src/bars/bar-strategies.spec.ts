import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { barStrategies } from './bar-strategies.js';
import type { Bar, BarColumns, BarDecider, ConfiguredBarStrategy, Desk } from './bar-strategy.js';

/** A market with trends, quiet and loud times, from one seed. */
function market(seed: number, length: number): BarColumns {
  const rng = seededRng(seed);
  const column = () => new Float64Array(length);
  const bars = {
    length,
    openedAt: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  };
  let price = 100;
  for (let bar = 0; bar < length; bar += 1) {
    bars.openedAt[bar] = bar * 60e6;
    bars.open[bar] = price;
    price *= 1 + 0.004 * rng.gaussian() + 0.002 * Math.sin(bar / 40);
    bars.close[bar] = price;
    bars.high[bar] = Math.max(price, bars.open[bar] as number) * (1 + 0.001 * rng.next());
    bars.low[bar] = Math.min(price, bars.open[bar] as number) * (1 - 0.001 * rng.next());
    bars.volume[bar] = 100 * (1 + 3 * rng.next() ** 4);
  }
  return bars;
}

/** What was wished at each bar by somebody who is never filled: the newest wish of the bar. */
function wishesOf(decider: BarDecider, bars: BarColumns, from = 0, to = bars.length): readonly string[] {
  const told: string[] = [];
  for (let index = from; index < to; index += 1) {
    let wish = '';
    const desk: Desk = {
      held: 0,
      entryPrice: Number.NaN,
      enter: () => {
        wish = 'enter';
      },
      exit: () => {
        wish = 'exit';
      },
      stopAt: (price) => {
        if (!Number.isNaN(price)) wish += ` stop ${price}`;
      },
      takeProfitAt: (price) => {
        wish += ` take ${price}`;
      },
    };
    decider.onClose(barAt(bars, index), desk);
    told.push(wish);
  }
  return told;
}

const barAt = (bars: BarColumns, index: number): Bar => ({
  index,
  openedAt: bars.openedAt[index] as number,
  open: bars.open[index] as number,
  high: bars.high[index] as number,
  low: bars.low[index] as number,
  close: bars.close[index] as number,
  volume: bars.volume[index] as number,
  closeAgo: (ago) => bars.close[index - ago] ?? Number.NaN,
});

function configured(id: string, parameters = {}): ConfiguredBarStrategy {
  const read = barStrategies.get(id)?.configure(parameters);
  if (read?.ok !== true) throw new Error(`${id}: ${JSON.stringify(read?.error)}`);
  return read.value;
}

const bars = market(7, 3_000);

describe.each([...barStrategies.keys()])('the strategy %s', (id) => {
  const strategy = configured(id);

  it('wants in and out of a market that goes both ways', () => {
    const told = wishesOf(strategy.decider(), bars).slice(strategy.warmUp);
    expect(told.filter((wish) => wish.startsWith('enter')).length).toBeGreaterThan(10);
    expect(told.filter((wish) => wish.startsWith('exit')).length).toBeGreaterThan(10);
  });

  it('decides the same whether or not there are later bars', () => {
    const whole = wishesOf(strategy.decider(), bars);
    const cut = { ...bars, close: bars.close.slice(0, 1_500), length: 1_500 };
    expect(wishesOf(strategy.decider(), cut)).toEqual(whole.slice(0, 1_500));
  });

  it('goes on after a restart as if nothing had been', () => {
    const whole = wishesOf(strategy.decider(), bars);
    for (const at of [0, 1, strategy.warmUp, 777, 2_999]) {
      const before = strategy.decider();
      wishesOf(before, bars, 0, at);
      const after = strategy.decider();
      after.restore(JSON.parse(JSON.stringify(before.snapshot())));
      expect(wishesOf(after, bars, at)).toEqual(whole.slice(at));
    }
  });

  it('has forgotten how it began when its warm-up is over', () => {
    // Recursive averages never forget wholly; what is left of the beginning decides nothing but ties.
    const late = 500;
    const whole = wishesOf(strategy.decider(), bars).slice(late + 10 * strategy.warmUp);
    const short = wishesOf(strategy.decider(), bars, late).slice(10 * strategy.warmUp);
    const apart = whole.filter((wish, index) => wish !== short[index]).length;
    expect(apart / whole.length).toBeLessThan(0.002);
  });

  it('has a source, and a schema with every parameter', () => {
    const { source, schema, parameters } = barStrategies.get(id) as NonNullable<ReturnType<typeof barStrategies.get>>;
    expect(source.length).toBeGreaterThan(20);
    expect(Object.keys(schema['properties'] as object)).toEqual(Object.keys(parameters));
  });
});

describe('the kernel of a strategy', () => {
  it.each([
    ['ema-cross', {}],
    ['ema-cross', { fast: 3, slow: 7 }],
    ['macd-trend', {}],
    ['rsi-reversion', { stopPercent: 0 }],
    ['bollinger', { stopPercent: 0 }],
    ['volume-breakout', {}],
    ['volume-breakout', { entryBars: 50, exitBars: 5, volumeBars: 3, volumeFactor: 0 }],
    ['supertrend', {}],
  ])('says what the decider says: %s %j', (id, parameters) => {
    const strategy = configured(id, parameters);
    const into = new Int8Array(bars.length);
    strategy.kernel?.(bars, into);
    const said = Array.from(into, (wish) => (wish > 0 ? 'enter' : wish < 0 ? 'exit' : ''));
    expect(said.slice(strategy.warmUp)).toEqual(wishesOf(strategy.decider(), bars).slice(strategy.warmUp));
  });

  it('is not there where a stop looks at what is held', () => {
    expect([configured('rsi-reversion').kernel, configured('bollinger').kernel]).toEqual([null, null]);
  });
});

describe('parameters between which something must hold', () => {
  it.each([
    ['ema-cross', { fast: 30, slow: 30 }, 'FAST_NOT_BELOW_SLOW /fast: Use 29 or less, or a longer slow average.'],
    ['macd-trend', { fastPeriod: 40 }, 'FAST_NOT_BELOW_SLOW /fastPeriod: Use 25 or less, or a longer slow average.'],
    ['rsi-reversion', { buyBelow: 60 }, 'BUYS_ABOVE_ITS_EXIT /buyBelow: Use less than 50, or a higher exit.'],
  ])('are refused: %s %j', (id, parameters, fault) => {
    const read = barStrategies.get(id)?.configure(parameters);
    expect(read?.ok === false && read.error.map(({ code, field, next }) => `${code} ${field}: ${next}`)).toEqual([
      fault,
    ]);
  });
});
