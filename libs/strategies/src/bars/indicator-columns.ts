import type { Indicator } from '@scalpstorm/indicators';
import type { BarColumns } from './bar.js';

export const barFields = ['open', 'high', 'low', 'close', 'volume'] as const;
export type BarField = (typeof barFields)[number];

const dayMicros = 86_400e6;

/** A number that changes with the day of UTC: the session of a market that never closes. */
export const sessionOf = (openedAt: number): number => Math.floor(openedAt / dayMicros);

/** All rows of an indicator over a market, by output; `of` takes the place of the close. */
export function indicatorColumns(
  indicator: Indicator,
  parameters: Readonly<Record<string, number | string>>,
  of: BarField,
  bars: BarColumns,
): Readonly<Record<string, Float64Array>> {
  const { high, low, volume } = bars;
  const session = indicator.inputs.includes('session') ? bars.openedAt.map(sessionOf) : bars.openedAt;
  // An indicator takes the columns that it looks at; there is no book in a market of bars.
  return indicator.batch({ close: bars[of], high, low, volume, session } as never, parameters);
}
