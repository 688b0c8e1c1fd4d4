import type { BacktestSummary } from '@scalpstorm/backtest';
import type { Context } from '../context.js';
import { type CountedTrials, trialsText } from './count-run.js';

export interface ToldBacktest extends BacktestSummary {
  readonly path: 'event-driven' | 'fast';
  readonly dataHash: string;
  readonly codeHash: string;
  /** Null: this run does not count. */
  readonly trials: CountedTrials | null;
  /** Of the run alone; this and `barsPerSecond` differ from run to run, and nothing else does. */
  readonly seconds: number;
  readonly barsPerSecond: number;
}

/** One JSON value for programs, a page for people. */
export function tellBacktest({ output }: Context, told: ToldBacktest): void {
  if (output.json) {
    output.value(told);
    return;
  }
  output.fields(fieldsOf(told));
  for (const { code, text, next } of told.warnings) output.line(`! ${code}: ${text}\n  → ${next}`);
}

function fieldsOf(told: ToldBacktest): readonly (readonly [string, string])[] {
  const parameters = Object.entries(told.parameters).map(([name, value]) => `${name}=${value}`);
  return [
    ['Strategy', [told.strategy, ...parameters].join(' ')],
    [
      'Data',
      `${told.bars} bars of ${told.barSeconds} s, ${told.from} to ${told.to}, sha256 ${told.dataHash.slice(0, 12)}`,
    ],
    [
      'Result',
      `${signed(told.returnPct)} % (held all along: ${signed(told.holdReturnPct)} %), equity ${plain(told.finalEquity)}`,
    ],
    ['Drawdown', `${plain(told.maxDrawdownPct)} %, ${told.drawdownFrom} to ${told.drawdownTo}`],
    ['Ratios', `Sharpe ${plain(told.sharpe)}, Sortino ${orNone(told.sortino)}, Calmar ${orNone(told.calmar)}`],
    [
      'Trades',
      `${told.trades} round trips, ${told.fills} fills, won ${orNone(told.winPct)} %, profit factor ${orNone(told.profitFactor)}`,
    ],
    ['A trade', `${orNone(told.expectancy)} on average, best ${orNone(told.best)}, worst ${orNone(told.worst)}`],
    [
      'Costs',
      `${plain(told.totalFees)} in fees, turnover ${plain(told.turnover)} times the cash, in the market ${plain(told.exposurePct)} %`,
    ],
    ['Trials', trialsText(told.trials)],
    [
      'Run',
      `${Math.round(told.barsPerSecond).toLocaleString('en')} bars/s, ${told.path}, code ${told.codeHash.slice(0, 12)}`,
    ],
  ];
}

const plain = (value: number): string => value.toFixed(2);
const signed = (value: number): string => `${value < 0 ? '' : '+'}${plain(value)}`;
const orNone = (value: number | null): string => (value === null ? 'none' : plain(value));
