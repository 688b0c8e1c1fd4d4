import type { MonthReturn } from '../figures/periods.js';
import { type Html, html } from './html.js';
import { signed } from './numbers.js';
import { monthName } from './time-ticks.js';

const months = Array.from({ length: 12 }, (_, at) => at + 1);
/** Steps of colour to each side of nothing. */
const steps = 4;

/** Returns by month and year. Blue gains, orange loses: the two that nobody mixes up; the number is in the cell. */
export function monthMap(returns: readonly MonthReturn[]): Html {
  const years = [...Map.groupBy(returns, ({ year }) => year)];
  const strongest = Math.max(...returns.map(({ returnPct }) => Math.abs(returnPct)), 1e-9);
  return html`<div class="wide" tabindex="0" role="region" aria-label="Return by month">
<table class="months"><caption>Return of each month (UTC), %</caption>
<thead><tr><th scope="col">Year</th>${months.map((month) => html`<th scope="col">${monthName(month)}</th>`)}<th scope="col">All</th></tr></thead>
<tbody>${years.map(
    ([year, ours]) => html`<tr><th scope="row">${year}</th>${months.map((month) =>
      cell(ours.find((one) => one.month === month)?.returnPct ?? null, strongest),
    )}<td class="all">${signed(compounded(ours))}</td></tr>
`,
  )}</tbody></table></div>`;
}

function cell(returnPct: number | null, strongest: number): Html {
  if (returnPct === null) return html`<td></td>`;
  return html`<td class="${tintOf(returnPct, strongest)}">${signed(returnPct)}</td>`;
}

/** A class of the style: the colour of the sign, and a step of it. */
export function tintOf(value: number, strongest: number): string {
  const step = Math.ceil((Math.abs(value) / strongest) * steps);
  return step === 0 ? 'm0' : `${value > 0 ? 'gain' : 'loss'}${Math.min(step, steps)}`;
}

const compounded = (returns: readonly MonthReturn[]): number =>
  100 * (returns.reduce((product, { returnPct }) => product * (1 + returnPct / 100), 1) - 1);
