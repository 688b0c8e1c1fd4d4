import type { LaneSummary } from '@scalpstorm/backtest';
import type { Context } from '../context.js';
import { type CountedTrials, trialsText } from './count-run.js';

export interface ToldExact extends LaneSummary {
  readonly path: 'exact';
  readonly dataHash: string;
  readonly codeHash: string;
  /** Null: this run does not count. */
  readonly trials: CountedTrials | null;
  /** Of the run alone; this and `rowsPerSecond` differ from run to run, and nothing else does. */
  readonly seconds: number;
  readonly rowsPerSecond: number;
}

/** One JSON value for programs, a page for people. */
export function tellExact({ output }: Context, told: ToldExact): void {
  if (output.json) {
    output.value(told);
    return;
  }
  output.fields(fieldsOf(told));
  for (const { code, text, next } of told.warnings) output.line(`! ${code}: ${text}\n  → ${next}`);
}

function fieldsOf(told: ToldExact): readonly (readonly [string, string])[] {
  const list = (counts: object): string =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ') || 'none';
  return [
    ['Strategy', told.bots.map(({ strategy, symbol }) => `${strategy} on ${symbol}`).join(', ')],
    [
      'Data',
      `${told.data.map(({ name, kind, rows }) => `${name} (${kind}, ${rows})`).join(', ')}, ${told.from} to ${told.to}`,
    ],
    [
      'Result',
      `${signed(told.returnPct)} %, equity ${plain(told.finalEquity)}, drawdown ${plain(told.maxDrawdownPct)} %`,
    ],
    ['Ratios', `Sharpe ${plain(told.sharpe)}, Sortino ${orNone(told.sortino)}, Calmar ${orNone(told.calmar)}`],
    [
      'Trades',
      `${told.trades} round trips, ${told.cycles} cycles, ${told.fills} fills (${orNone(told.makerSharePct)} % rested), won ${orNone(told.winPct)} %`,
    ],
    ['Orders', `${told.orders}: ${list(told.orderStates)}`],
    ['Denied', list(told.denied)],
    [
      'Costs',
      `${plain(told.totalFees)} in fees, funding ${signed(told.funding)}, turnover ${plain(told.turnover)} times the cash`,
    ],
    ['Trials', trialsText(told.trials)],
    ['Run', `${Math.round(told.rowsPerSecond).toLocaleString('en')} rows/s, exact, code ${told.codeHash.slice(0, 12)}`],
  ];
}

const plain = (value: number): string => value.toFixed(2);
const signed = (value: number): string => `${value < 0 ? '' : '+'}${plain(value)}`;
const orNone = (value: number | null): string => (value === null ? 'none' : plain(value));
