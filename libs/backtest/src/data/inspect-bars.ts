import { Timestamp } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import type { BacktestWarning } from '../fault.js';

/** Bars in a row of the very same price that are no market any more. */
const constantMin = 50;

/** The usual time between two bars, in microseconds: the commonest one. 0 for a single bar. */
export function spacingOf({ openedAt, length }: BarColumns): number {
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
  return [...gaps(bars), ...constant(bars), ...withoutVolume(bars)];
}

function gaps(bars: BarColumns): readonly BacktestWarning[] {
  const { openedAt, length } = bars;
  const spacing = spacingOf(bars);
  let count = 0;
  let missing = 0;
  let longest = 0;
  let longestAt = 0;
  for (let at = 1; at < length; at += 1) {
    const apart = (openedAt[at] as number) - (openedAt[at - 1] as number);
    if (apart <= spacing) continue;
    count += 1;
    missing += Math.round(apart / spacing) - 1;
    if (apart > longest) {
      longest = apart;
      longestAt = openedAt[at - 1] as number;
    }
  }
  if (count === 0) return [];
  const since = Timestamp.toIso(Timestamp.fromMicros(longestAt));
  return [
    {
      code: 'DATA_HAS_GAPS',
      text: `${count} gaps, ${missing} bars missing; the longest begins after ${since} and takes ${longest / 1e6} s.`,
      next: 'Fill them from another source, or leave that time out: nothing is traded in a gap here, and much may happen in one.',
    },
  ];
}

function constant({ close, openedAt, length }: BarColumns): readonly BacktestWarning[] {
  let run = 1;
  let longest = 1;
  let longestEnd = 0;
  for (let at = 1; at < length; at += 1) {
    run = close[at] === close[at - 1] ? run + 1 : 1;
    if (run > longest) {
      longest = run;
      longestEnd = at;
    }
  }
  if (longest < constantMin && !(longest === length && length > 1)) return [];
  const since = Timestamp.toIso(Timestamp.fromMicros(openedAt[longestEnd - longest + 1] as number));
  return [
    {
      code: 'DATA_STANDS_STILL',
      text: `The close is the same for ${longest} bars from ${since} on.`,
      next: 'Check the source: a feed that had stopped looks like this.',
    },
  ];
}

function withoutVolume({ volume, length }: BarColumns): readonly BacktestWarning[] {
  if (volume.some((one) => one > 0)) return [];
  return [
    {
      code: 'DATA_WITHOUT_VOLUME',
      text: `None of the ${length} bars has a volume.`,
      next: 'What a market could have taken is not known, so every order is filled whole.',
    },
  ];
}
