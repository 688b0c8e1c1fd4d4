import type { Gappy, WindowPlot } from '../window-plots.js';
import type { KeyEntry } from './frame.js';
import { type Html, html } from './html.js';
import { bandPath, boxPath, linePath, plotWidth } from './path.js';
import { type Scale, scaleOf, scaleOver } from './scale.js';

/** A line of a pane, in the n-th colour and form. */
export interface PaneLine {
  readonly name: string;
  readonly style: string;
  readonly kind: WindowPlot['kind'];
  readonly values: Gappy;
}

export interface Pane {
  readonly name: string;
  readonly titles: readonly string[];
  readonly lines: readonly PaneLine[];
  /** Pairs of lines that are the edges of a band. */
  readonly bands: readonly (readonly [upper: PaneLine, lower: PaneLine])[];
}

/** A place to draw in. */
export interface Plane {
  readonly across: Scale;
  readonly up: Scale;
  readonly height: number;
}

export const pricePane = 'price';

/** In the order of the plots; that of the price is first where it has any. */
export function panesOf(plots: readonly WindowPlot[]): readonly Pane[] {
  const names = new Set(plots.map(({ pane }) => pane));
  const inOrder = [...names].sort((left, right) => Number(right === pricePane) - Number(left === pricePane));
  return inOrder.map((name) =>
    paneOf(
      name,
      plots.filter(({ pane }) => pane === name),
    ),
  );
}

function paneOf(name: string, plots: readonly WindowPlot[]): Pane {
  const titles = [...new Set(plots.map(({ title }) => title))];
  // Its heading says the title already.
  const isOne = name !== pricePane && titles.length === 1;
  const lines: PaneLine[] = [];
  const bands: [PaneLine, PaneLine][] = [];
  for (const { title, kind, lines: own } of plots) {
    const drawn = new Map<string, PaneLine>();
    for (const { output, values } of own) {
      const line = {
        name: isOne ? output : own.length === 1 ? title : `${title}: ${output}`,
        style: `plot${lines.length + 1}`,
        ...{ kind, values },
      };
      lines.push(line);
      drawn.set(output, line);
    }
    const [upper, lower] = [drawn.get('upper'), drawn.get('lower')];
    if (upper !== undefined && lower !== undefined) bands.push([upper, lower]);
  }
  return { name, titles, lines, bands };
}

/** The prices decide: what lies far from them is cut off instead of making them flat. */
export function priceScale(prices: readonly (readonly number[])[], pane: Pane | undefined): Scale {
  const own = scaleOver(prices, 0);
  const all = scaleOver([...prices, ...(pane?.lines ?? []).map(({ values }) => values)], 0);
  const room = own.high - own.low || own.high;
  const [low, high] = [Math.max(all.low, own.low - room), Math.min(all.high, own.high + room)];
  const air = (high - low || Math.abs(high) || 1) * 0.1;
  return scaleOf(low - air, high + air);
}

/** Columns stand on zero. */
export const paneScale = ({ lines }: Pane): Scale =>
  scaleOver([...lines.map(({ values }) => values), lines.some(({ kind }) => kind === 'histogram') ? [0] : []], 0.1);

export const keyOf = ({ lines }: Pane): readonly KeyEntry[] =>
  lines.map(({ name, style, kind }) => ({ sign: kind === 'line' ? style : `columns-${style}`, text: name }));

/** Bands and columns first, so that no line is below them. */
export function paneShapes({ lines, bands }: Pane, openedAtMs: readonly number[], plane: Plane): Html {
  const { across, up, height } = plane;
  const places = openedAtMs.map(across.placeOf);
  const heights = (values: Gappy): Gappy => values.map((value) => (value === null ? null : up.placeOf(value)));
  return html`${bands.map(
    ([upper, lower]) =>
      html`<path class="band band-${upper.style}" d="${bandPath(places, [heights(upper.values), heights(lower.values)], height)}"/>`,
  )}${lines.map(
    ({ kind, style, values }) =>
      kind === 'histogram' && html`<path class="columns-${style}" d="${columnsPath(places, values, plane)}"/>`,
  )}${lines.map(
    ({ kind, style, values }) =>
      kind === 'line' && html`<path class="${style}" d="${linePath(places, heights(values), height)}"/>`,
  )}`;
}

function columnsPath(places: readonly number[], values: Gappy, { up, height }: Plane): string {
  const half = columnHalf(places.length);
  const yOf = (value: number): number => (1 - up.placeOf(value)) * height;
  const box = (place: number, value: number): string =>
    boxPath(place * plotWidth - half, yOf(Math.max(value, 0)), place * plotWidth + half, yOf(Math.min(value, 0)));
  return places.map((place, at) => (values[at] == null ? '' : box(place, values[at]))).join('');
}

/** Half of what a bar has of the width, with air to its neighbours. */
export const columnHalf = (bars: number): number => (0.36 * plotWidth) / (bars + 1);
