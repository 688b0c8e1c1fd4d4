import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { seededRng, Timestamp, unwrap } from '@scalpstorm/kernel';
import { type Candle, Price, Quantity, timeframeLength } from '@scalpstorm/model';
import { type BarColumns, barStrategies, barsKept, strategies } from '@scalpstorm/strategies';
import { VenueModel } from '@scalpstorm/strategies/testing';
import { playedBars } from '../../test/played-run.js';
import { plainMarket } from './bar-market.js';
import { runBars } from './run-bars.js';

const instrument = exampleInstrument();
const places = ['open', 'high', 'low', 'close'] as const;

/** Prices as a venue has them, and as both sides read them. */
function onTicks(bars: BarColumns): BarColumns {
  const rounded = Object.fromEntries(places.map((name) => [name, bars[name].map((price) => Number(price.toFixed(2)))]));
  return {
    ...bars,
    ...(rounded as Pick<BarColumns, (typeof places)[number]>),
    volume: bars.volume.map((one) => Number(one.toFixed(8))),
  };
}

/** 300 seconds of BTCUSDT, as they were recorded, told as minutes. */
function recordedBars(): BarColumns {
  const file = new URL('../../../indicators/fixtures/btcusdt-1s.csv', import.meta.url);
  const rows = readFileSync(file, 'utf8').trim().split('\n').slice(1);
  const column = (place: number) => Float64Array.from(rows, (row) => Number(row.split(',')[place]));
  const openedAt = Float64Array.from(rows, (_, bar) => 1_640_995_200_000_000 + bar * timeframeLength['1m']);
  return {
    length: rows.length,
    openedAt,
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

const text = (value: number | undefined): string => (value ?? Number.NaN).toFixed(8);

const candleOf = (bars: BarColumns, bar: number): Candle => ({
  instrumentId: instrument.id,
  timeframe: '1m',
  openedAt: Timestamp.fromMicros(bars.openedAt[bar] as number),
  open: Price.of(text(bars.open[bar])),
  high: Price.of(text(bars.high[bar])),
  low: Price.of(text(bars.low[bar])),
  close: Price.of(text(bars.close[bar])),
  volume: Quantity.of(text(bars.volume[bar])),
  trades: 1,
  closed: true,
});

const reasons: Readonly<Record<string, string>> = { 'stop-loss': 'stop', 'take-profit': 'take-profit' };

/** What a live bot fills that hears these bars one by one, and between them the prices of each: where it opened, fell to and rose to. */
function liveFills(id: string, bars: BarColumns, parameters: Readonly<Record<string, number>>): readonly string[] {
  const venue = new VenueModel(
    unwrap(strategies.get(id)?.configure({ quantity: '0.5', slippageBps: '500', ...parameters }, instrument) as never),
  );
  const told: string[] = [];
  const fillAt = (bar: number) => {
    const [order] = venue.live;
    if (order === undefined) return;
    const before = venue.cycles.size;
    venue.fill(1_000);
    venue.deliverAll();
    const exit = venue.cycles.size > before ? [...venue.cycles.values()].at(-1)?.exit : undefined;
    told.push(`${bar} ${order.request.side} ${reasons[exit ?? ''] ?? 'signal'}`);
  };
  venue.now = Timestamp.fromMicros(bars.openedAt[0] as number);
  venue.command({ kind: 'started' });
  for (let bar = 0; bar < bars.length; bar += 1) {
    for (const price of [bars.open[bar], bars.low[bar], bars.high[bar], bars.close[bar]]) {
      venue.market(text(price));
      fillAt(bar);
    }
    venue.now = Timestamp.fromMicros((bars.openedAt[bar] as number) + timeframeLength['1m']);
    venue.bars = [...(venue.bars ?? []).slice(1 - barsKept), candleOf(bars, bar)];
    venue.hear({ kind: 'bar' });
    fillAt(bar + 1);
  }
  // A wish on the last bar has no bar to be filled in.
  return told.filter((line) => !line.startsWith(`${bars.length} `));
}

function testedFills(id: string, bars: BarColumns, parameters: Readonly<Record<string, number>>): readonly string[] {
  const strategy = unwrap(barStrategies.get(id)?.configure(parameters) as never) as Parameters<typeof runBars>[1];
  const run = unwrap(runBars(bars, strategy, plainMarket(1_000_000, 10)));
  return run.fills.all().map(({ bar, side, reason }) => `${bar} ${side} ${reason}`);
}

const tight = { stopPercent: 0.3 };

describe('a live bot fills what the backtest fills, at the same bars', () => {
  it.each([
    ...[...barStrategies.keys()].map((id) => [id, {}] as const),
    ['rsi-reversion', tight],
    ['bollinger', tight],
  ] as const)('in a market from a seed: %s %j', (id, parameters) => {
    const rng = seededRng(5);
    const bars = onTicks({
      ...playedBars(3_000),
      volume: new Float64Array(3_000).map(() => 10 + 40 * rng.next() ** 4),
    });
    const expected = testedFills(id, bars, parameters);
    expect(expected.length).toBeGreaterThan(20);
    if (parameters === tight) expect(expected.filter((line) => line.endsWith('stop')).length).toBeGreaterThan(5);
    expect(liveFills(id, bars, parameters)).toEqual(expected);
  });

  it.each([...barStrategies.keys()])('in a recorded market: %s', (id) => {
    const bars = onTicks(recordedBars());
    const expected = testedFills(id, bars, {});
    expect(expected.length).toBeGreaterThan(0);
    expect(liveFills(id, bars, {})).toEqual(expected);
  });
});
