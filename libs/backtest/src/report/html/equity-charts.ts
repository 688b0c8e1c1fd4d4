import type { RunReport } from '../run-report.js';
import { frame } from './frame.js';
import { type Html, html } from './html.js';
import { day, percent, plain, signedPercent } from './numbers.js';
import { areaPath, linePath } from './path.js';
import { decimalsOf, type Scale, scaleOf, scaleOver, ticksOf } from './scale.js';
import { timeTicks } from './time-ticks.js';

export const acrossTitle = 'time, UTC';

/** Of all the time that a run took. */
export function timeScale(atMs: readonly number[]): Scale {
  return scaleOf(atMs[0] ?? 0, atMs.at(-1) ?? 0);
}

/** Beside buying and holding, where there is one price. */
export function equityChart({ series, summary }: RunReport): Html {
  const { atMs, equity, hold } = series;
  const across = timeScale(atMs);
  const height = 280;
  const up = scaleOver([equity, hold ?? []]);
  const places = atMs.map(across.placeOf);
  const line = (column: readonly number[]): string => linePath(places, column.map(up.placeOf), height);
  const start = summary.assumptions.cash;
  const told = [
    `Equity from ${plain(start)} to ${plain(summary.finalEquity)}, ${signedPercent(summary.returnPct)},`,
    `from ${day(summary.from)} to ${day(summary.to)};`,
    hold === null ? '' : `bought and held: ${signedPercent(summary.holdReturnPct)}.`,
  ].join(' ');
  return frame({
    id: 'equity',
    title: 'Equity',
    axis: 'quote asset',
    across: acrossTitle,
    told,
    height,
    upTicks: ticksOf(up, 5, (value, step) => plain(value, decimalsOf(step))),
    acrossTicks: timeTicks(across, 8),
    key: [
      { sign: 'equity', text: 'this strategy' },
      ...(hold === null ? [] : [{ sign: 'hold', text: 'bought at the start and held' }]),
    ],
    stretched: html`<path class="fill-equity" d="${areaPath(places, equity.map(up.placeOf), height, 0)}"/>
${hold !== null && html`<path class="line-hold" d="${line(hold)}"/>`}<path class="line-equity" d="${line(equity)}"/>`,
    placed: levelOf(up.placeOf(start), height, 'cash at the start'),
  });
}

/** How far below its last peak the equity was. */
export function drawdownChart({ series, summary, figures }: RunReport): Html {
  const { atMs, drawdownPct } = series;
  const across = timeScale(atMs);
  const height = 140;
  const up = scaleOf(Math.min(...drawdownPct, -0.01) * 1.08, 0);
  const places = atMs.map(across.placeOf);
  const falls = drawdownPct.map(up.placeOf);
  const told = `Deepest fall ${percent(summary.maxDrawdownPct)}; below an earlier peak ${percent(figures.underwaterPct, 0)} of the time.`;
  return frame({
    id: 'drawdown',
    title: 'Drawdown',
    axis: '% below the peak before',
    across: acrossTitle,
    told,
    height,
    upTicks: ticksOf(up, 5, (value, step) => plain(value, decimalsOf(step))),
    acrossTicks: timeTicks(across, 8),
    stretched: html`<path class="fill-down" d="${areaPath(places, falls, height, 1)}"/>
<path class="line-down" d="${linePath(places, falls, height)}"/>`,
  });
}

/** A line across that is named, e.g. where it all began. */
export function levelOf(place: number, height: number, name: string): Html {
  const y = Math.round((1 - place) * height * 10) / 10;
  return html`<line class="level" x1="0" x2="100%" y1="${y}" y2="${y}"/><text class="note level-name" x="99.5%" y="${y < 16 ? y + 14 : y - 5}">${name}</text>`;
}
