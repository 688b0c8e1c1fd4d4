import type { Rng } from '@scalpstorm/kernel';
import { ticksMax } from '@scalpstorm/matching';
import type { Instrument } from '@scalpstorm/model';
import type { BarColumns } from '@scalpstorm/strategies';
import type { TradeRow } from '../../data/market-row.js';
import { stageOffset } from '../../data/table-decoders.js';

/** Of a bar: its open, one extreme, the other, its close. */
export const momentsInBar = 4;
/** Of prices and quantities: both count 10^-12. */
const unit = 1e12;
/** As much as anybody wants, where a file tells no volume. */
const lotsMax = 2 ** 40;

/** A price at which somebody traded, as the exact way plays it. */
export interface Moment {
  /** Microseconds since the epoch. */
  readonly at: number;
  readonly row: TradeRow;
}

/** Bars of one instrument, on its ticks. */
export interface Market {
  readonly bars: BarColumns;
  /** How long a bar lasts, in microseconds. */
  readonly barLength: number;
  readonly instrument: Instrument;
}

/**
 * Four trades a bar, on the nearest tick: open, the extreme against the way that the bar goes, the other one, close. The market is the same
 * whatever the strategy does, which it is not where a pessimist lets the worse extreme of what is held come first.
 */
export function momentsOf({ bars, barLength, instrument }: Market): readonly Moment[] {
  const tick = Number(instrument.tickSize) / unit;
  const lotsOf = lotsOfBars(bars, Number(instrument.stepSize) / unit);
  const moments: Moment[] = [];
  let before = 0;
  for (let bar = 0; bar < bars.length; bar += 1) {
    const [openedAt, lots] = [bars.openedAt[bar] as number, lotsOf(bar)];
    for (const [stage, price] of pathOf(bars, bar).entries()) {
      const ticks = onTick(price / tick);
      const aggressor = ticks >= before ? 'buy' : 'sell';
      moments.push({ at: openedAt + stageOffset(stage, barLength), row: { kind: 'trade', ticks, lots, aggressor } });
      before = ticks;
    }
  }
  return moments;
}

/** Opens and closes alone, two a bar: where somebody knows that an extreme is followed by the other one, there is nothing to earn by it. */
export const endsOf = (moments: readonly Moment[]): readonly Moment[] =>
  moments.filter((_, moment) => moment % momentsInBar === 0 || moment % momentsInBar === momentsInBar - 1);
export const endsInBar = 2;

/**
 * So many moments at the times of the first ones, whose moves are drawn from those of all, with replacement and each way as likely: nothing
 * that was says anything of what comes, and the price rises no more than it falls.
 */
export function drawnMoments(moments: readonly Moment[], count: number, rng: Rng): readonly Moment[] {
  const ticksOf = (moment: number): number => (moments[moment] as Moment).row.ticks;
  let price = ticksOf(0);
  return moments.slice(0, count).map(({ at }) => {
    const source = 1 + rng.below(moments.length - 1);
    const move = ticksOf(source) / ticksOf(source - 1) - 1;
    const rises = rng.next() < 0.5 === move > 0;
    price *= rises ? 1 + Math.abs(move) : 1 - Math.abs(move);
    const { lots } = (moments[source] as Moment).row;
    return { at, row: { kind: 'trade', ticks: onTick(price), lots, aggressor: rises ? 'buy' : 'sell' } };
  });
}

function pathOf({ open, high, low, close }: BarColumns, bar: number): readonly number[] {
  const at = (column: Float64Array): number => column[bar] as number;
  const rises = at(close) >= at(open);
  return rises ? [open, low, high, close].map(at) : [open, high, low, close].map(at);
}

/** Of each of the four trades of a bar: as much as was traded in the bar before, since the volume of a bar is not known before its end. */
function lotsOfBars({ volume }: BarColumns, step: number): (bar: number) => number {
  if (!volume.some((traded) => traded > 0)) return () => lotsMax;
  return (bar) =>
    Math.min(lotsMax, Math.max(1, Math.floor((volume[Math.max(0, bar - 1)] as number) / step / momentsInBar)));
}

const onTick = (ticks: number): number => Math.min(ticksMax, Math.max(1, Math.round(ticks)));
