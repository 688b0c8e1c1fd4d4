import type { TradeGroup } from '../figures/trade-groups.js';
import { fileNames } from '../files/report-files.js';
import type { ReportTrade } from '../run-record.js';
import type { DatedDrawdown, RunReport } from '../run-report.js';
import { type Html, html, type Part } from './html.js';
import { duration, moment, percent, plain, price, quantity, signed, signedPercent } from './numbers.js';

/** Rows of the list; the file has all. */
export const tradesShown = 200;

interface Column<Row> {
  readonly title: string;
  /** Numbers stand at the end of their cell. */
  readonly isText?: boolean;
  /** Times stand at the beginning and are not broken. */
  readonly isTime?: boolean;
  readonly of: (row: Row) => Part;
}

/** A table that scrolls by itself where the screen is narrow. */
export function table<Row>(caption: string, rows: readonly Row[], columns: readonly Column<Row>[]): Html {
  const classOf = ({ isText, isTime }: Column<Row>): string => (isText ? 'text' : isTime ? 'time' : 'num');
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr>${columns.map((column) => html`<th scope="col" class="${classOf(column)}">${column.title}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${columns.map((column) => html`<td class="${classOf(column)}">${column.of(row)}</td>`)}</tr>
`,
  )}</tbody></table></div>`;
}

/** A number whose sign has a colour, too. */
export const toned = (value: number, text: string): Html =>
  html`<span class="${value > 0 ? 'up' : value < 0 ? 'down' : 'flat'}">${text}</span>`;

export function groupTable(title: string, groups: readonly TradeGroup[]): Html {
  return table(title, groups, [
    { title: 'Name', isText: true, of: ({ name }) => (name === '' ? html`<i>without</i>` : name) },
    { title: 'Trades', of: ({ trades }) => plain(trades, 0) },
    { title: 'Won', of: ({ trades, wins }) => percent((100 * wins) / trades, 1) },
    { title: 'Net', of: ({ net }) => toned(net, signed(net)) },
    { title: 'Mean', of: ({ meanPct }) => toned(meanPct, signedPercent(meanPct, 3)) },
    { title: 'Profit factor', of: ({ profitFactor }) => plain(profitFactor) },
  ]);
}

export function drawdownTable(drawdowns: readonly DatedDrawdown[]): Html {
  return table('The deepest drawdowns', drawdowns, [
    { title: 'Depth', of: ({ depthPct }) => percent(depthPct) },
    { title: 'Peak', isTime: true, of: ({ from }) => moment(from) },
    { title: 'Deepest', isTime: true, of: ({ deepestAt }) => moment(deepestAt) },
    { title: 'Over', isTime: true, of: ({ until }) => (until === null ? 'not over' : moment(until)) },
    { title: 'Took', of: ({ seconds }) => duration(seconds) },
  ]);
}

/** The newest first. */
export function tradeTable({ trades }: RunReport): Html {
  const shown = trades.slice(-tradesShown).toReversed();
  const left = trades.length - shown.length;
  const severalSymbols = trades.some(({ symbol }) => symbol !== trades[0]?.symbol);
  const list = table('Round trips, the newest first', shown, [
    { title: 'Opened', isTime: true, of: ({ openedAt }) => moment(openedAt) },
    { title: 'Closed', isTime: true, of: ({ closedAt }) => moment(closedAt) },
    ...(severalSymbols ? [{ title: 'Symbol', isText: true, of: ({ symbol }: ReportTrade) => symbol }] : []),
    { title: 'Side', isText: true, of: ({ side }) => side },
    { title: 'Quantity', of: (trade) => quantity(trade.quantity) },
    { title: 'Entry', of: ({ entryPrice }) => price(entryPrice) },
    { title: 'Exit', of: ({ exitPrice }) => price(exitPrice) },
    { title: 'Fees', of: ({ fees }) => plain(fees) },
    { title: 'Net', of: ({ net }) => toned(net, signed(net)) },
    { title: 'Return', of: ({ netShare }) => toned(netShare, signedPercent(100 * netShare)) },
    { title: 'Why it ended', isText: true, of: whyEnded },
  ]);
  if (left === 0) return list;
  return html`${list}<p class="note">${plain(left, 0)} older round trips are left out here; ${fileNames.trades} of <code>--out FOLDER</code> has all of them.</p>`;
}

const whyEnded = ({ exitReason, exitTag }: ReportTrade): string =>
  exitTag === '' || exitTag === exitReason ? exitReason : `${exitReason}: ${exitTag}`;
