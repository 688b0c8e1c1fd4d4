import { type Indicator, indicatorOf } from '@scalpstorm/indicators';
import { assert } from '@scalpstorm/kernel';
import type { BarColumns } from './bar.js';
import { type BarField, indicatorColumns } from './indicator-columns.js';

/** What a chart of a strategy shows beside its trades. Data, and no part of any decision. */
export interface Plot {
  readonly title: string;
  /** `price`: over the bars. Plots of any other name share a pane of that name. */
  readonly pane: string;
  readonly kind: 'line' | 'histogram';
  readonly indicator: string;
  readonly parameters: Readonly<Record<string, number | string>>;
  readonly outputs: readonly string[];
  /** What takes the place of the close. */
  readonly of: BarField;
}

/** A plot with its numbers, one a bar; NaN where there is none. */
export interface PlottedSeries {
  readonly title: string;
  readonly pane: string;
  readonly kind: Plot['kind'];
  readonly values: Float64Array;
}

const plotsMax = 16;
const barInputs: ReadonlySet<string> = new Set(['close', 'high', 'low', 'volume', 'session']);
/** In the unit of the price, and far from it. */
const differences: ReadonlySet<string> = new Set(['macd', 'atr']);

/** A hint for charts: an indicator's outputs, over the price where they are prices. */
export function plotOf(
  { id, title, outputs: units }: Pick<Indicator, 'id' | 'title' | 'outputs'>,
  parameters: Plot['parameters'] = {},
  more: Partial<Pick<Plot, 'title' | 'pane' | 'kind' | 'outputs' | 'of'>> = {},
): Plot {
  const outputs = more.outputs ?? Object.keys(units);
  const isPrice = outputs.every((name) => units[name] === 'price');
  const onPrice = isPrice && more.of !== 'volume' && !differences.has(id);
  const numbers = Object.values(parameters).join(', ');
  return {
    title: more.title ?? (numbers === '' ? title : `${title} (${numbers})`),
    pane: more.pane ?? (onPrice ? 'price' : id),
    kind: more.kind ?? 'line',
    indicator: id,
    parameters,
    outputs,
    of: more.of ?? 'close',
  };
}

/** Why there are no numbers of a plot over bars, in words; null: there are. A strategy of one's own may name what there is not. */
export function plotFault({ indicator: id, parameters, outputs }: Plot): string | null {
  const indicator = indicatorOf(id);
  if (indicator === undefined) return `there is no indicator ${id}`;
  const read = indicator.check(parameters);
  if (!read.ok) return read.error.map(({ text }) => text).join('; ');
  const strange = outputs.find((output) => !Object.hasOwn(indicator.outputs, output));
  if (strange !== undefined) return `the indicator ${id} has no output ${strange}`;
  const unseen = indicator.inputs.find((input) => !barInputs.has(input));
  return unseen === undefined ? null : `bars have no ${unseen}`;
}

/** The numbers of plots over a market. @throws BrokenInvariant for a plot of what is no indicator */
export function plottedSeries(plots: readonly Plot[], bars: BarColumns): readonly PlottedSeries[] {
  assert(plots.length <= plotsMax, `at most ${plotsMax} plots are shown, not ${plots.length}`);
  return plots.flatMap(({ title, pane, kind, indicator: id, parameters, outputs, of }) => {
    const indicator = indicatorOf(id);
    assert(indicator !== undefined, `there is no indicator ${id} to plot`);
    const columns = indicatorColumns(indicator, parameters, of, bars);
    return outputs.map((output) => {
      const values = columns[output];
      assert(values !== undefined, `the indicator ${id} has no output ${output} to plot`);
      return { title: outputs.length === 1 ? title : `${title}: ${output}`, pane, kind, values };
    });
  });
}
