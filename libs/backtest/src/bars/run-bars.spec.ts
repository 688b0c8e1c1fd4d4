import { describe, expect, it } from '@jest/globals';
import { seededRng } from '@scalpstorm/kernel';
import { type BarColumns, type Desk, defineBarStrategy, WrongTimeframe } from '@scalpstorm/strategies';
import fc from 'fast-check';
import { type BarMarket, plainMarket } from './bar-market.js';
import { runBars } from './run-bars.js';
import { runKernel } from './run-kernel.js';
import { sizeCutWarnings } from './size-cuts.js';
import { tradesOf } from './trades.js';

/** Open, high, low, close, volume. */
type Row = readonly [number, number, number, number, number?];

function barsOf(rows: readonly Row[]): BarColumns {
  const column = (at: number, absent = 0) => Float64Array.from(rows, (row) => row[at] ?? absent);
  return {
    length: rows.length,
    openedAt: Float64Array.from(rows, (_, index) => index * 60e6),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4, 100),
  };
}

/** Does at each bar what the list says. */
type Act = ((desk: Desk, closeAgo: (bars: number) => number) => void) | null;
const script = (...acts: readonly Act[]) => {
  const strategy = defineBarStrategy({
    id: 'script',
    title: 'Script',
    description: '',
    source: '',
    parameters: {},
    warmUp: () => 0,
    decider: () => ({
      // What an act gives back is handed on, as an asynchronous strategy's promise would be.
      onClose: (bar, desk) => acts[bar.index]?.(desk, (bars) => bar.closeAgo(bars)),
      snapshot: () => ({}),
      restore: () => undefined,
    }),
  }).configure({});
  if (!strategy.ok) throw new Error('unreachable');
  return strategy.value;
};
const enter = (desk: Desk): void => desk.enter('up');
const exit = (desk: Desk): void => desk.exit();
const flat = (price: number): Row => [price, price, price, price];

function run(rows: readonly Row[], acts: readonly Act[], market: Partial<BarMarket> = {}) {
  const bars = barsOf(rows);
  const result = runBars(bars, script(...acts), { ...plainMarket(1_000, 10), ...market });
  if (!result.ok) throw new Error(`${result.error.code} ${result.error.text}`);
  return { ...result.value, told: result.value.fills.all(), trades: tradesOf(result.value.fills, bars) };
}

describe('a run over bars', () => {
  it('fills a wish at the open of the next bar, with all cash and the fee', () => {
    const { told, cash, held, totalFees, equity, trades } = run([flat(100), flat(50), flat(80)], [enter, exit]);
    const quantity = 1_000 / (50 * 1.001);
    expect(told).toEqual([
      { bar: 1, side: 'buy', price: 50, quantity, fee: quantity * 50 * 0.001, reason: 'signal', tag: 'up' },
      { bar: 2, side: 'sell', price: 80, quantity, fee: quantity * 80 * 0.001, reason: 'signal', tag: '' },
    ]);
    expect([cash, held]).toEqual([quantity * 80 * (1 - 0.001), 0]);
    expect(totalFees).toBeCloseTo(quantity * 130 * 0.001, 10);
    expect([...equity]).toEqual([1_000, quantity * 50, quantity * 80 * (1 - 0.001)]);
    expect(trades).toMatchObject([
      { openedBar: 1, closedBar: 2, entryPrice: 50, exitPrice: 80, exitReason: 'signal', entryTag: 'up' },
    ]);
    expect(trades[0]?.net).toBeCloseTo(cash - 1_000, 9);
  });

  it('does nothing with a wish of the last bar, and values what is held at the last close', () => {
    const { told, equity } = run([flat(100), [100, 120, 90, 110]], [enter, exit]);
    expect(told).toHaveLength(1);
    expect(equity[1]).toBeCloseTo((1_000 / 100.1) * 110, 9);
  });

  it('takes no wish twice, and an exit before the fill calls the entry off', () => {
    expect(run([flat(1), flat(1), flat(1), flat(1)], [enter, enter, enter]).told).toHaveLength(1);
    const changed = (desk: Desk) => {
      desk.enter();
      desk.exit();
    };
    expect(run([flat(1), flat(1), flat(1)], [changed]).told).toEqual([]);
  });

  it('sells at the stop inside a bar, and at the open where the market jumped over it', () => {
    const protectedEntry = (desk: Desk) => {
      desk.enter();
      desk.stopAt(95);
    };
    const inside = run([flat(100), flat(100), [100, 101, 90, 99], flat(99)], [protectedEntry]);
    expect(inside.told[1]).toMatchObject({ bar: 2, side: 'sell', price: 95, reason: 'stop' });
    const jumped = run([flat(100), flat(100), [92, 93, 90, 91], flat(99)], [protectedEntry]);
    expect(jumped.told[1]).toMatchObject({ bar: 2, price: 92, reason: 'stop' });
    const atOnce = run([flat(100), [100, 100, 94, 99], flat(99)], [protectedEntry]);
    expect(atOnce.told[1]).toMatchObject({ bar: 1, price: 95, reason: 'stop' });
  });

  it('believes the worse where stop and take-profit lie in one bar, unless it is told otherwise', () => {
    const both = (desk: Desk) => {
      desk.enter();
      desk.stopAt(95);
      desk.takeProfitAt(105);
    };
    const rows = [flat(100), flat(100), [100, 110, 90, 100], flat(100)] as const;
    expect(run(rows, [both]).told[1]).toMatchObject({ price: 95, reason: 'stop' });
    const better = run(rows, [both], { path: 'take-profit-first', makerFeeBps: 0 });
    expect(better.told[1]).toMatchObject({ price: 105, reason: 'take-profit', fee: 0 });
    const jumped = run([flat(100), flat(100), [108, 110, 90, 100], flat(1)], [both]);
    expect(jumped.told[1]).toMatchObject({ price: 95, reason: 'stop' });
    expect(run([flat(100), flat(100), [108, 110, 99, 100], flat(1)], [both]).told[1]).toMatchObject({ price: 108 });
  });

  it('forgets stop and take-profit with the position', () => {
    const stopped = (desk: Desk) => {
      desk.enter();
      desk.stopAt(95);
    };
    const { told } = run([flat(100), flat(90), flat(80), flat(80), flat(80)], [stopped, enter]);
    expect(told.map(({ side, bar }) => `${side} ${bar}`)).toEqual(['buy 1', 'sell 1', 'buy 2']);
  });

  it('pays half the spread and the slippage, which know the bar before the fill and not its own', () => {
    const rows: readonly Row[] = [[100, 102, 98, 100, 400], [100, 150, 50, 100], flat(100)];
    const spread = run(rows, [enter, exit], { spreadBps: 20 });
    expect(spread.told.map(({ price }) => price)).toEqual([100.1, 99.9]);
    expect(run(rows, [enter], { slippage: { kind: 'fixed', bps: 50 } }).told[0]?.price).toBeCloseTo(100.5, 10);
    expect(run(rows, [enter], { slippage: { kind: 'volatility', factor: 0.5 } }).told[0]?.price).toBeCloseTo(102, 10);
    const impact = run(rows, [enter], {
      slippage: { kind: 'square-root', factor: 1 },
      size: { kind: 'quantity', quantity: 4 },
    });
    expect(impact.told[0]?.price).toBeCloseTo(100 * (1 + 0.04 * Math.sqrt(4 / 400)), 10);
    // Never more than the cash pays for.
    expect(spread.cash).toBeGreaterThan(0);
  });

  it('fills in parts where the market is thin, and an exit stops the rest', () => {
    const rows: readonly Row[] = [flat(100), [100, 100, 100, 100, 10], [100, 100, 100, 100, 10], flat(100), flat(100)];
    const thin = { liquidityShare: 0.1, size: { kind: 'quantity', quantity: 5 } } as const;
    expect(run(rows, [enter], thin).told.map(({ quantity }) => quantity)).toEqual([1, 1, 3]);
    expect(run(rows, [enter, null, exit], thin).told.map(({ side, quantity }) => `${side} ${quantity}`)).toEqual([
      'buy 1',
      'buy 1',
      'sell 2',
    ]);
  });

  it('takes its share of a bar once, however many wishes there are in it', () => {
    const thin = { liquidityShare: 0.1, size: { kind: 'quantity', quantity: 30 }, cash: 10_000 } as const;
    const rows: readonly Row[] = Array.from({ length: 7 }, () => [100, 101, 90, 100]);
    const leaves = (desk: Desk): void => {
      desk.exit();
      desk.stopAt(95);
    };
    const { told } = run(rows, [enter, null, leaves], thin);
    expect(told.map(({ bar, side, quantity }) => `${bar} ${side} ${quantity}`)).toEqual([
      '1 buy 10',
      '2 buy 10',
      '3 sell 10',
      '4 sell 10',
    ]);
  });

  it.each([{ liquidityShare: 0.1 }, { slippage: { kind: 'square-root', factor: 1 } }] as const)(
    'does not make up a volume: %j',
    (changes) => {
      const bars = { ...barsOf([flat(1), flat(1)]), volume: new Float64Array(2) };
      const market = { ...plainMarket(1, 0), ...changes };
      expect(runBars(bars, script(enter), market)).toMatchObject({ error: { code: 'VOLUME_MISSING' } });
    },
  );

  it.each([
    [{ kind: 'all-in' }, 1_000 / 100.1],
    [{ kind: 'fraction', of: 0.5 }, 500 / 100.1],
    [{ kind: 'quantity', quantity: 2 }, 2],
    [{ kind: 'quantity', quantity: 200 }, 1_000 / 100.1],
    [{ kind: 'cash', amount: 200.2 }, 2],
  ] as const)('sizes an entry by %j', (size, quantity) => {
    expect(run([flat(100), flat(100)], [enter], { size }).told[0]?.quantity).toBeCloseTo(quantity, 10);
  });

  it.each([
    ['takeProfitAt', -5],
    ['stopAt', 0],
    ['stopAt', Number.NaN],
  ] as const)('refuses %s(%d), which no market comes to', (word, price) => {
    const bars = barsOf([flat(1), flat(1), flat(1)]);
    expect(
      runBars(
        bars,
        script(enter, (desk) => desk[word](price)),
        plainMarket(1, 0),
      ),
    ).toMatchObject({
      error: {
        code: 'NOT_A_PRICE',
        text: expect.stringContaining(`bar 1 of 1970-01-01T00:01:00.000Z: ${word}(${price})`),
      },
    });
  });

  it('names what a strategy did wrong, and where', () => {
    const bars = barsOf([flat(1), flat(1), flat(1)]);
    const thrown = runBars(
      bars,
      script(null, () => {
        throw new Error('boom');
      }),
      plainMarket(1, 0),
    );
    expect(thrown).toMatchObject({
      error: { code: 'STRATEGY_THREW', text: 'script, bar 1 of 1970-01-01T00:01:00.000Z: Error: boom' },
    });
    const later = script(() => Promise.reject(new Error('too late')));
    expect(runBars(bars, later, plainMarket(1, 0))).toMatchObject({
      error: { code: 'STRATEGY_THREW', text: expect.stringContaining('it must decide at once') },
    });
    const ahead = runBars(
      bars,
      script((_, closeAgo) => void closeAgo(-1)),
      plainMarket(1, 0),
    );
    expect(ahead).toMatchObject({ error: { code: 'ASKS_FOR_TOMORROW' } });
    const others = runBars(
      bars,
      script(() => {
        throw new WrongTimeframe('it was made for bars of 1 s, and heard others');
      }),
      plainMarket(1, 0),
    );
    expect(others).toMatchObject({ error: { code: 'WRONG_TIMEFRAME', next: expect.stringContaining('data') } });
    expect(runBars(barsOf([flat(1)]), script(), plainMarket(1, 0))).toMatchObject({ error: { code: 'TOO_FEW_BARS' } });
    expect(runBars(bars, script(), plainMarket(0, 0))).toMatchObject({
      error: { code: 'NOT_ALLOWED', text: 'cash is 0.' },
    });
  });
});

const everyFew = defineBarStrategy({
  id: 'every-few',
  title: 'Every few',
  description: '',
  source: '',
  parameters: { few: { kind: 'integer', title: '', description: '', default: 3, min: 1, max: 50 } },
  warmUp: ({ few }) => few,
  decider: ({ few }) => ({
    onClose: ({ index, close }, desk) => (Math.floor(close * 7 + index / few) % 2 === 0 ? desk.enter() : desk.exit()),
    snapshot: () => ({}),
    restore: () => undefined,
  }),
  kernel:
    ({ few }) =>
    ({ close, length }, into) => {
      for (let bar = 0; bar < length; bar += 1)
        into[bar] = Math.floor((close[bar] ?? 0) * 7 + bar / few) % 2 === 0 ? 1 : -1;
    },
});

describe('an entry that the cash does not pay for', () => {
  const rows = [flat(100), flat(100), flat(90), flat(90), flat(90)];
  const cutsOf = (acts: readonly Act[], market: Partial<BarMarket>) =>
    sizeCutWarnings(run(rows, acts, market).fills, { ...plainMarket(1_000, 10), ...market }).map(
      ({ code, text }) => `${code} ${text}`,
    );

  it.each<[BarMarket['size'], readonly string[]]>([
    [{ kind: 'all-in' }, []],
    [{ kind: 'quantity', quantity: 9 }, []],
    [{ kind: 'quantity', quantity: 9.99 }, ['SIZE_CUT 1 of 2 entries']],
    [{ kind: 'quantity', quantity: 1e9 }, ['SIZE_CUT 2 of 2 entries']],
    [{ kind: 'cash', amount: 800 }, []],
    [{ kind: 'cash', amount: 1_000 }, ['SIZE_CUT 1 of 2 entries']],
    [{ kind: 'cash', amount: 100_000 }, ['SIZE_CUT 2 of 2 entries']],
  ])('is told, with how often: %j', (size, told) => {
    const texts = told.map((text) => expect.stringContaining(text));
    expect(cutsOf([enter, exit, enter, exit], { size })).toEqual(texts);
  });

  it('is one where it is filled in parts', () => {
    const market = { size: { kind: 'quantity', quantity: 20 }, liquidityShare: 0.06 } as const;
    expect(run(rows, [enter], market).told).toHaveLength(2);
    expect(cutsOf([enter], market)).toEqual([expect.stringContaining('SIZE_CUT 1 of 1 entries')]);
  });
});

describe('a kernel', () => {
  it('trades as the decider does, to the last bit, whatever the market', () => {
    let filled = 0;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 1, max: 12 }),
        fc.constantFrom<Partial<BarMarket>>(
          {},
          { spreadBps: 3, slippage: { kind: 'square-root', factor: 1 } },
          { liquidityShare: 0.2, size: { kind: 'quantity', quantity: 9 } },
          { size: { kind: 'fraction', of: 0.3 }, liquidityShare: 0.01 },
        ),
        (seed, few, changes) => {
          const rng = seededRng(seed);
          const rows = Array.from({ length: 60 }, (): Row => {
            const [open, close] = [90 + 20 * rng.next(), 90 + 20 * rng.next()];
            return [open, Math.max(open, close) + rng.next(), Math.min(open, close) - rng.next(), close, rng.below(40)];
          });
          const bars = barsOf(rows);
          const strategy = everyFew.configure({ few });
          if (!strategy.ok || strategy.value.kernel === null) throw new Error('unreachable');
          const market = { ...plainMarket(1_000, 10), ...changes };
          const slow = runBars(bars, strategy.value, market);
          const fast = runKernel(bars, strategy.value, strategy.value.kernel, market);
          if (!slow.ok || !fast.ok) throw new Error('it ran');
          expect(fast.value.fills.all()).toEqual(slow.value.fills.all());
          expect(fast.value.equity).toEqual(slow.value.equity);
          expect([fast.value.cash, fast.value.held]).toEqual([slow.value.cash, slow.value.held]);
          filled += slow.value.fills.length;
        },
      ),
      { numRuns: 200 },
    );
    expect(filled).toBeGreaterThan(500);
  });
});
