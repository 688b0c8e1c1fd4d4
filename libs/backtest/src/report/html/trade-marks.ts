import type { ReportTrade } from '../run-record.js';
import { type KeyEntry, share } from './frame.js';
import { type Html, html } from './html.js';
import { linePath } from './path.js';
import type { Plane } from './plot-lines.js';

/** Marks beside each other that can still be told apart. */
export const marksMax = 120;

export const markKey: readonly KeyEntry[] = [
  { sign: 'entry', text: 'entry' },
  { sign: 'exit', text: 'exit by signal' },
  { sign: 'stop', text: 'stop' },
  { sign: 'target', text: 'take-profit' },
  { sign: 'won', text: 'gained' },
  { sign: 'lost', text: 'lost' },
];

/** From each entry to its exit. */
export function tradeLines(trades: readonly ReportTrade[], { across, up, height }: Plane): Html {
  const lineOf = ({ openedAt, closedAt, entryPrice, exitPrice }: ReportTrade): string =>
    linePath(
      [across.placeOf(Date.parse(openedAt)), across.placeOf(Date.parse(closedAt))],
      [up.placeOf(entryPrice), up.placeOf(exitPrice)],
      height,
    );
  const won = trades.filter(({ net }) => net > 0);
  const lost = trades.filter(({ net }) => net <= 0);
  return html`<path class="trade-won" d="${won.map(lineOf).join('')}"/><path class="trade-lost" d="${lost.map(lineOf).join('')}"/>`;
}

export function marksOf(trades: readonly ReportTrade[], plot: Plane): Html {
  return html`<g class="marks">${trades.map((trade) => [
    mark(isLong(trade) ? 'entry' : 'entry-short', [trade.openedAt, trade.entryPrice], plot),
    mark(exitMark(trade), [trade.closedAt, trade.exitPrice], plot),
  ])}</g>`;
}

const isLong = ({ side }: ReportTrade): boolean => side !== 'short';

function exitMark(trade: ReportTrade): string {
  if (trade.exitReason === 'stop') return 'stop';
  if (trade.exitReason === 'take-profit') return 'target';
  return isLong(trade) ? 'exit' : 'exit-short';
}

function mark(name: string, [iso, value]: readonly [string, number], { across, up, height }: Plane): Html | null {
  const place = across.placeOf(Date.parse(iso));
  if (!(place >= 0 && place <= 1)) return null;
  const y = Math.round((1 - up.placeOf(value)) * height * 10) / 10;
  return html`<use href="#mark-${name}" x="${share(place)}" y="${y}"/>`;
}
