import type { BarColumns } from '@scalpstorm/strategies';
import type { BacktestWarning } from '../fault.js';
import { isoOf } from './row-faults.js';

/** Bars in a row of the very same price that are no market any more. */
const constantMin = 50;

/** The usual time between two bars, in microseconds: the commonest one. 0 for a single bar. */
export function spacingOf({ openedAt, length }: Pick<BarColumns, 'openedAt' | 'length'>): number {
  const counts = new Map<number, number>();
  // The first thousand tell; a file of mixed spacings shows as gaps.
  for (let at = 1; at < Math.min(length, 1_000); at += 1) {
    const spacing = (openedAt[at] as number) - (openedAt[at - 1] as number);
    counts.set(spacing, (counts.get(spacing) ?? 0) + 1);
  }
  let best = 0;
  let seen = 0;
  for (const [spacing, count] of counts) {
    if (count > seen || (count === seen && spacing < best)) {
      best = spacing;
      seen = count;
    }
  }
  return best;
}

/** What is allowed and makes the figures worth less: gaps, a price that stands still, no volume. */
export function inspectBars(bars: BarColumns): readonly BacktestWarning[] {
  const { openedAt, close, volume, length } = bars;
  const spacing = spacingOf(bars);
  const inspector = new BarInspector();
  for (let at = 0; at < length; at += 1)
    inspector.add(openedAt[at] as number, close[at] as number, volume[at] as number, spacing);
  return inspector.warnings();
}

/** The same of bars that come one after another. */
export class BarInspector {
  private length = 0;
  private before = 0;
  private close = 0;
  private gaps = 0;
  private missing = 0;
  private longest = 0;
  private longestAt = 0;
  private run = 1;
  private runFrom = 0;
  private longestRun = 1;
  private longestRunFrom = 0;
  /** Of any bar so far. */
  hasVolume = false;

  /** @param spacing the usual time between two bars */
  add(openedAt: number, close: number, volume: number, spacing: number): void {
    if (this.length === 0) {
      this.runFrom = openedAt;
      this.longestRunFrom = openedAt;
    } else this.compare(openedAt, close, spacing);
    this.hasVolume ||= volume > 0;
    this.length += 1;
    this.before = openedAt;
    this.close = close;
  }

  warnings(): readonly BacktestWarning[] {
    return [...this.gapsFound(), ...this.stillness(), ...this.withoutVolume()];
  }

  private compare(openedAt: number, close: number, spacing: number): void {
    const apart = openedAt - this.before;
    if (apart > spacing) {
      this.gaps += 1;
      this.missing += Math.round(apart / spacing) - 1;
      if (apart > this.longest) {
        this.longest = apart;
        this.longestAt = this.before;
      }
    }
    if (close === this.close) this.run += 1;
    else {
      this.run = 1;
      this.runFrom = openedAt;
    }
    if (this.run <= this.longestRun) return;
    this.longestRun = this.run;
    this.longestRunFrom = this.runFrom;
  }

  private gapsFound(): readonly BacktestWarning[] {
    const { gaps, missing, longest, longestAt } = this;
    if (gaps === 0) return [];
    return [
      {
        code: 'DATA_HAS_GAPS',
        text: `${gaps} gaps, ${missing} bars missing; the longest begins after ${isoOf(longestAt)} and takes ${longest / 1e6} s.`,
        next: 'Fill them from another source, or leave that time out: nothing is traded in a gap here, and much may happen in one.',
      },
    ];
  }

  private stillness(): readonly BacktestWarning[] {
    const { longestRun, longestRunFrom, length } = this;
    if (longestRun < constantMin && !(longestRun === length && length > 1)) return [];
    return [
      {
        code: 'DATA_STANDS_STILL',
        text: `The close is the same for ${longestRun} bars from ${isoOf(longestRunFrom)} on.`,
        next: 'Check the source: a feed that had stopped looks like this.',
      },
    ];
  }

  private withoutVolume(): readonly BacktestWarning[] {
    if (this.hasVolume) return [];
    return [
      {
        code: 'DATA_WITHOUT_VOLUME',
        text: `None of the ${this.length} bars has a volume.`,
        next: 'What a market could have taken is not known, so every order is filled whole.',
      },
    ];
  }
}
