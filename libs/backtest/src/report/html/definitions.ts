import { duration, none, percent, plain, signed, signedPercent } from './numbers.js';
import type { ReportFigure } from './report-figure.js';

export interface FigureGroup {
  readonly title: string;
  readonly figures: readonly ReportFigure[];
}

const count = (value: number | null): string => plain(value, 0);
const amount = (value: number | null): string => plain(value);
const signedAmount = (value: number | null): string => signed(value);
const share = (value: number | null): string => percent(value);
const change = (value: number | null): string => signedPercent(value);
const times = (value: number | null): string => (value === null ? none : `${plain(value)}\u00a0×`);
const units = (value: number | null): string => plain(value, value === 0 ? 0 : 8);

const result: readonly ReportFigure[] = [
  {
    id: 'return',
    label: 'Return',
    field: 'summary.returnPct',
    form: change,
    better: 'higher',
    definition: 'Equity at the end ÷ cash at the start − 1.',
  },
  {
    id: 'hold',
    label: 'Bought and held',
    field: 'summary.holdReturnPct',
    form: change,
    definition: 'Return of buying at the first open (--exact: price) for all cash, a fee paid, kept to the last close.',
  },
  {
    id: 'annual',
    label: 'Return a year',
    field: 'summary.annualReturnPct',
    form: change,
    better: 'higher',
    definition: 'Compounded to 365 days: these markets do not close. Of a short time it says nothing.',
  },
  {
    id: 'equity-end',
    label: 'Equity at the end',
    field: 'summary.finalEquity',
    form: amount,
    better: 'higher',
    definition: 'Cash + what is held × the last close, in the quote asset.',
  },
  {
    id: 'equity-low',
    label: 'Lowest equity',
    field: 'figures.lowestEquity',
    form: amount,
    better: 'higher',
    definition: 'At any close, the cash at the start counted, too.',
  },
  {
    id: 'days-won',
    label: 'Days won',
    field: 'figures.days.wonPct',
    form: share,
    better: 'higher',
    definition: 'Days (UTC) on which the equity grew ÷ days.',
  },
  {
    id: 'best-day',
    label: 'Best day',
    field: 'figures.days.bestPct',
    form: change,
    better: 'higher',
    definition: 'Highest return from the last close of a day to that of the next.',
  },
  {
    id: 'worst-day',
    label: 'Worst day',
    field: 'figures.days.worstPct',
    form: change,
    better: 'higher',
    definition: 'Lowest return from the last close of a day to that of the next.',
  },
];

const risk: readonly ReportFigure[] = [
  {
    id: 'drawdown',
    label: 'Max drawdown',
    field: 'summary.maxDrawdownPct',
    form: share,
    better: 'lower',
    definition:
      'Deepest fall of the equity at the closes below an earlier peak, of that peak; the cash at the start is a peak.',
  },
  {
    id: 'drawdown-longest',
    label: 'Longest drawdown',
    field: 'figures.longestDrawdown.seconds',
    form: duration,
    better: 'lower',
    definition: 'Longest time from a peak until it was reached again, or to the end.',
  },
  {
    id: 'underwater',
    label: 'Below a peak',
    field: 'figures.underwaterPct',
    form: share,
    better: 'lower',
    definition: 'Closes at which the equity was below an earlier peak ÷ closes.',
  },
  {
    id: 'sharpe',
    label: 'Sharpe',
    field: 'summary.sharpe',
    form: amount,
    better: 'higher-above-0',
    definition:
      'Mean ÷ standard deviation (n − 1) of the returns from close to close, × √(bars a year); 0 where nothing moved.',
  },
  {
    id: 'sortino',
    label: 'Sortino',
    field: 'summary.sortino',
    form: amount,
    better: 'higher-above-0',
    definition: 'Mean ÷ √(mean of the squared losses) of the same returns, × √(bars a year).',
  },
  {
    id: 'calmar',
    label: 'Calmar',
    field: 'summary.calmar',
    form: amount,
    better: 'higher-above-0',
    definition: 'Return a year ÷ max drawdown.',
  },
  {
    id: 'trials',
    label: 'Trials ever',
    field: 'figures.trialsEver',
    form: count,
    definition:
      'Runs of the strategy over whatever data that were counted when this one was, itself among them: the best of many looks good by chance. A dash where it does not count.',
  },
  {
    id: 'losses-row',
    label: 'Losses in a row',
    field: 'summary.lossesInARow',
    form: count,
    better: 'lower',
    definition: 'Most round trips one after another that lost.',
  },
  {
    id: 'wins-row',
    label: 'Gains in a row',
    field: 'summary.winsInARow',
    form: count,
    better: 'higher',
    definition: 'Most round trips one after another that gained.',
  },
];

const trades: readonly ReportFigure[] = [
  {
    id: 'trades',
    label: 'Round trips',
    field: 'summary.trades',
    form: count,
    definition: 'From flat to flat. What is held at the end is none.',
  },
  { id: 'fills', label: 'Fills', field: 'summary.fills', form: count, definition: 'Executions.' },
  {
    id: 'won',
    label: 'Won',
    field: 'summary.winPct',
    form: share,
    better: 'higher',
    definition: 'Round trips that gained after fees ÷ round trips.',
  },
  {
    id: 'profit-factor',
    label: 'Profit factor',
    field: 'summary.profitFactor',
    form: amount,
    better: 'higher',
    definition: 'Σ gains ÷ Σ losses of the round trips, after fees.',
  },
  {
    id: 'expectancy',
    label: 'Expectancy',
    field: 'summary.expectancy',
    form: signedAmount,
    better: 'higher',
    definition: 'Mean of a round trip after fees, in the quote asset.',
  },
  {
    id: 'payoff',
    label: 'Payoff',
    field: 'figures.course.payoff',
    form: amount,
    better: 'higher',
    definition: 'Mean gain ÷ mean loss of the round trips, after fees.',
  },
  {
    id: 'best-trade',
    label: 'Best trade',
    field: 'summary.best',
    form: signedAmount,
    better: 'higher',
    definition: 'Highest net of a round trip after fees, in the quote asset.',
  },
  {
    id: 'worst-trade',
    label: 'Worst trade',
    field: 'summary.worst',
    form: signedAmount,
    better: 'higher',
    definition: 'Lowest net of a round trip after fees, in the quote asset.',
  },
  {
    id: 'gain-time',
    label: 'Time in a gain',
    field: 'figures.course.gainSecondsMean',
    form: duration,
    definition: 'Mean time from entry to exit of the round trips that gained.',
  },
  {
    id: 'loss-time',
    label: 'Time in a loss',
    field: 'figures.course.lossSecondsMean',
    form: duration,
    definition: 'Mean time from entry to exit of the round trips that lost.',
  },
];

const costs: readonly ReportFigure[] = [
  {
    id: 'fees',
    label: 'Fees',
    field: 'summary.totalFees',
    form: amount,
    better: 'lower',
    definition: 'Of all fills, in the quote asset. Spread and slippage are in the prices.',
  },
  {
    id: 'cost-share',
    label: 'Cost share',
    field: 'figures.course.costSharePct',
    form: share,
    better: 'lower',
    definition:
      'Fees of the round trips ÷ Σ of what the gaining ones brought before fees. Above 100 %, fees took more than all gains.',
  },
  {
    id: 'volume',
    label: 'Volume',
    field: 'figures.volume',
    form: amount,
    definition: 'Σ value of the fills, in the quote asset.',
  },
  {
    id: 'turnover',
    label: 'Turnover',
    field: 'summary.turnover',
    form: times,
    definition: 'Volume ÷ cash at the start.',
  },
  {
    id: 'exposure',
    label: 'Time in the market',
    field: 'summary.exposurePct',
    form: share,
    definition: 'Bars with a position ÷ bars; of exact runs those of the round trips alone.',
  },
  {
    id: 'open',
    label: 'Held at the end',
    field: 'summary.openQuantity',
    form: units,
    definition: 'Of the base asset, valued at the last close.',
  },
];

export const figureGroups: readonly FigureGroup[] = [
  { title: 'Result', figures: result },
  { title: 'Risk', figures: risk },
  { title: 'Trades', figures: trades },
  { title: 'Costs and use', figures: costs },
];

export const allFigures: readonly ReportFigure[] = figureGroups.flatMap(({ figures }) => figures);

/** The first glance. */
export const keyFigures: readonly string[] = [
  'return',
  'drawdown',
  'sharpe',
  'sortino',
  'calmar',
  'profit-factor',
  'won',
  'trades',
];

const byId = new Map(allFigures.map((one) => [one.id, one]));

export function figureOf(id: string): ReportFigure {
  const found = byId.get(id);
  if (found === undefined) throw new Error(`there is no figure ${id}`);
  return found;
}
