import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { ema } from '@scalpstorm/indicators';
import { timeframeLength } from '@scalpstorm/model';
import { barBot } from '../bar-bot/bar-bot.js';
import { checkStrategy, firstBars, play, walkingBars } from '../kit.js';
import { type BarColumns, defineBarStrategy } from './bar-strategy.js';
import { deciderOver } from './decider-over.js';
import { barsUntil, type DataNeeds, type HigherBar, type HigherView } from './higher-bars.js';

const needs: DataNeeds = { bars: '1m', higher: ['5m', '1h'] };
const minute = timeframeLength['1m'];
const start = Date.parse('2024-01-01T00:00:00Z') * 1_000;

/** What a rule may know at the close of each bar. */
function heardOver(bars: BarColumns): readonly (readonly [closed: readonly HigherBar[], last: HigherBar | null])[] {
  const told: [readonly HigherBar[], HigherBar | null][] = [];
  const decider = deciderOver(
    {},
    (_, __, ___, higher) => void told.push([higher.closed('5m').map((one) => ({ ...one })), higher.last('5m')]),
    needs,
  );
  play(decider, bars);
  return told;
}

/** The bars of a market that are there. */
function without(bars: BarColumns, missing: readonly number[]): BarColumns {
  const keep = (column: Float64Array) => column.filter((_, bar) => !missing.includes(bar));
  const { openedAt, open, high, low, close, volume } = bars;
  return {
    length: bars.length - missing.length,
    openedAt: keep(openedAt),
    open: keep(open),
    high: keep(high),
    low: keep(low),
    close: keep(close),
    volume: keep(volume),
  };
}

const minutesOf = (bars: readonly HigherBar[]) => bars.map(({ openedAt }) => (openedAt - start) / minute);

describe('a longer bar', () => {
  const bars = walkingBars(5, 60, { from: '2024-01-01T00:00:00Z' });

  it('is known at the close of the bar that ends it, and not before', () => {
    const told = heardOver(bars);
    expect(told.map(([closed]) => minutesOf(closed))).toEqual(
      Array.from({ length: 60 }, (_, bar) => (bar % 5 === 4 ? [bar - 4] : [])),
    );
    expect(told[8]?.[1]?.openedAt).toBe(start);
    expect(told[3]?.[1]).toBeNull();
  });

  it('is made of the bars in it', () => {
    const [bar] = heardOver(bars)[9]?.[0] ?? [];
    const part = (column: Float64Array) => [...column.slice(5, 10)];
    expect(bar).toEqual({
      openedAt: start + 5 * minute,
      open: bars.open[5],
      high: Math.max(...part(bars.high)),
      low: Math.min(...part(bars.low)),
      close: bars.close[9],
      volume: part(bars.volume).reduce((sum, one) => sum + one, 0),
    });
  });

  it('is left out where the data begin in it', () => {
    const told = heardOver(without(bars, [0, 1]));
    expect(told.flatMap(([closed]) => minutesOf(closed))[0]).toBe(5);
  });

  it('is over with the next bar that is heard where its own last one is missing', () => {
    const told = heardOver(without(bars, [9, 10, 11, 12, 13]));
    // Minute 14 ends the bar of minute 10, too.
    expect(minutesOf(told[9]?.[0] ?? [])).toEqual([5, 10]);
    expect(told[9]?.[0][0]?.close).toBe(bars.close[8]);
  });

  it.each([
    ['longer', { barSeconds: 300 }],
    ['shorter', { barSeconds: 30 }],
    ['crooked', { barSeconds: 90 }],
    ['shifted', { from: '2024-01-01T00:00:30Z' }],
  ])('is not made of %s bars than were declared', (_, options) => {
    expect(() => heardOver(walkingBars(5, 80, options))).toThrow(/it was made for bars of 60 s/);
  });

  it('is none that was not declared', () => {
    const asks = (higher: HigherView) => higher.last('4h');
    expect(() =>
      play(
        deciderOver({}, (_, __, ___, higher) => void asks(higher), needs),
        bars,
      ),
    ).toThrow(/did not declare that it needs 4h/);
    expect(() =>
      play(
        deciderOver({}, (_, __, ___, higher) => void asks(higher)),
        bars,
      ),
    ).toThrow(/did not declare/);
    expect(() => deciderOver({}, () => undefined, { bars: '1h', higher: ['5m'] })).toThrow(/no longer bars than 1h/);
  });
});

describe('a strategy that looks at longer bars', () => {
  const trend = defineBarStrategy({
    id: 'trend-of-the-hour',
    title: 'Trend of the hour',
    description: 'Above the average of the hours, with the average of the minutes.',
    source: 'This spec.',
    parameters: {
      hours: { kind: 'integer', title: 'Hours', description: 'Of the average.', default: 3, min: 1, max: 50 },
    },
    needs: () => needs,
    warmUp: ({ hours }) => barsUntil(needs, '1h', hours),
    decider: ({ hours }) =>
      deciderOver(
        { minutes: [ema, { period: 10 }], hours: [ema, { period: hours }] },
        (streams, { close }, desk, higher) => {
          const quick = streams.minutes.update(close);
          for (const hour of higher.closed('1h')) streams.hours.update(hour.close);
          const calm = streams.hours.outputs[0] as number;
          if (quick > calm) desk.enter();
          else if (quick < calm) desk.exit();
        },
        needs,
      ),
  });
  const bars = walkingBars(9, 1_500, { from: '2024-01-01T00:17:00Z' });

  it('keeps what every strategy must keep', () => {
    const { wishes, strategy } = checkStrategy(trend, {}, bars);
    expect(strategy).toMatchObject({ warmUp: 240, needs });
    expect(new Set(wishes.slice(240).map(({ wish }) => wish))).toEqual(new Set(['enter', 'exit']));
  });

  it('counts its warm-up so that its longer bars are there, wherever the data begin', () => {
    for (let from = 0; from < 60; from += 7) {
      const late = walkingBars(9, 300, {
        from: new Date(Date.parse('2024-01-01T00:00:00Z') + from * 60_000).toISOString(),
      });
      const hours: number[] = [];
      const decider = deciderOver({}, (_, __, ___, higher) => void hours.push(higher.closed('1h').length), needs);
      play(decider, firstBars(late, barsUntil(needs, '1h', 3)));
      expect(hours.reduce((sum, one) => sum + one, 0)).toBeGreaterThanOrEqual(3);
    }
  });

  it('is a bot over bars of the length that it was made for, and of no other', () => {
    const faultsOf = (timeframe: string) => {
      const read = barBot(trend).configure({ quantity: '0.5', timeframe }, exampleInstrument());
      return read.ok ? [] : read.error.map(({ code, field, allowed }) => `${code} ${field} ${allowed}`);
    };
    expect([faultsOf('1m'), faultsOf('5m')]).toEqual([[], ['WRONG_TIMEFRAME /timeframe 1m']]);
  });
});
