import type { Bin, Distribution } from '../figures/distribution.js';
import { frame, share } from './frame.js';
import { type Html, html } from './html.js';
import { plain, signed, signedPercent } from './numbers.js';
import { boxPath, plotWidth } from './path.js';
import { decimalsOf, scaleOf, type Tick, ticksOf } from './scale.js';

/** How many round trips brought how much. */
export function distributionChart(distribution: Distribution): Html {
  const { bins, mean, median, low, high } = distribution;
  const height = 200;
  const up = scaleOf(0, Math.max(...bins.map(({ trades }) => trades), 1) * 1.12);
  const gap = 0.08;
  const bars = (isGain: boolean): string =>
    bins
      .map((bin, at) => {
        if (isGain !== gains(bin)) return '';
        const [left, right] = [(at + gap) / bins.length, (at + 1 - gap) / bins.length];
        return boxPath(left * plotWidth, (1 - up.placeOf(bin.trades)) * height, right * plotWidth, height);
      })
      .join('');
  return frame({
    id: 'distribution',
    title: 'Returns of the trades',
    axis: 'round trips',
    across: 'return of a round trip after fees, % of what was paid',
    told: `Mean ${signedPercent(mean)}, median ${signedPercent(median)}; nine in ten between ${signedPercent(low)} and ${signedPercent(high)}.`,
    height,
    upTicks: ticksOf(up, 4, (value, step) => (step < 1 && value % 1 !== 0 ? '' : plain(value, 0))),
    acrossTicks: edgesOf(bins),
    key: [
      { sign: 'loss', text: 'lost' },
      { sign: 'gain', text: 'gained' },
      { sign: 'mean', text: `mean ${signedPercent(mean)}` },
      { sign: 'median', text: `median ${signedPercent(median)}` },
    ],
    stretched: html`<path class="bar-loss" d="${bars(false)}"/><path class="bar-gain" d="${bars(true)}"/>`,
    placed: [upright('mean', placeIn(bins, mean), height), upright('median', placeIn(bins, median), height)],
  });
}

const gains = ({ from, to }: Bin): boolean => (from ?? (to as number) - 1) >= 0;

const upright = (name: string, place: number, height: number): Html =>
  html`<line class="${name}" x1="${share(place)}" x2="${share(place)}" y1="0" y2="${height}"/>`;

/** Bins are equally wide, but for the open ones at the ends. */
function placeIn(bins: readonly Bin[], value: number): number {
  const at = bins.findIndex(({ to }) => to === null || value < to);
  const { from, to } = bins[at] as Bin;
  const inside = from === null || to === null ? 0.5 : (value - from) / (to - from);
  return (at + inside) / bins.length;
}

/** About eight edges, one of them zero where zero is inside. */
function edgesOf(bins: readonly Bin[]): readonly Tick[] {
  const edges = bins.flatMap(({ from }, at) => (from === null ? [] : [{ at, value: from }]));
  const every = Math.max(1, Math.ceil(edges.length / 8));
  const zero = Math.max(
    0,
    edges.findIndex(({ value }) => value === 0),
  );
  const width = edges.length > 1 ? Math.abs((edges[1]?.value ?? 1) - (edges[0]?.value ?? 0)) : 1;
  return edges
    .filter((_, index) => (index - zero) % every === 0)
    .map(({ at, value }) => ({ place: at / bins.length, text: signed(value, decimalsOf(width)) }));
}
