import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import {
  type BarColumns,
  type BarKernel,
  type BarStrategy,
  type ConfiguredBarStrategy,
  rememberedSeries,
  type SeriesExchange,
  type SeriesOf,
} from '@scalpstorm/strategies';
import { BarDesk } from '../bars/bar-desk.js';
import type { BarMarket } from '../bars/bar-market.js';
import { Fills } from '../bars/fills.js';
import { checkRun, runBars } from '../bars/run-bars.js';
import { playKernel } from '../bars/run-kernel.js';
import type { BacktestFault } from '../fault.js';
import { EquityStatistics } from '../figures/equity-statistics.js';
import { barsAYearOf, figuresOf, type TrialFigures } from '../figures/trial-figures.js';

/** For the series that combinations have in common. */
interface TrialsMemory {
  /** Of what this thread computes and keeps, at most; what it hears counts at the thread that told it. */
  readonly seriesBytesMax?: number | undefined;
  /** With those who run over the same bars; undefined: nobody does. */
  readonly exchange?: SeriesExchange;
}

const seriesBytesUsual = 256 * 1024 * 1024;

/** Runs one combination after another, by the kernel of the strategy where it has one, in the same memory. */
export class Trials {
  private readonly statistics = new EquityStatistics();
  private readonly fills = new Fills();
  private readonly equity: Float64Array;
  private readonly wanted: Int8Array;
  private readonly barsAYear: number;
  private readonly series: SeriesOf;

  constructor(
    private readonly bars: BarColumns,
    private readonly strategy: BarStrategy,
    private readonly market: BarMarket,
    { seriesBytesMax = seriesBytesUsual, exchange }: TrialsMemory = {},
  ) {
    this.equity = new Float64Array(bars.length);
    this.wanted = new Int8Array(bars.length);
    this.barsAYear = barsAYearOf(bars);
    this.series = rememberedSeries(bars, seriesBytesMax, exchange);
  }

  /** Whatever the strategy does, it is told of this combination alone. */
  run(parameters: JsonObject): Result<TrialFigures, BacktestFault> {
    try {
      return this.play(parameters);
    } catch (error) {
      const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      return fail({ code: 'STRATEGY_THREW', text: `${this.strategy.id}: ${text}.`, next: 'Mend the strategy.' });
    }
  }

  private play(parameters: JsonObject): Result<TrialFigures, BacktestFault> {
    const configured = this.strategy.configure(parameters);
    if (!configured.ok) {
      const text = configured.error.map((fault) => fault.text).join(' ');
      return fail({ code: 'INVALID_PARAMETERS', text, next: configured.error[0]?.next ?? 'Use others.' });
    }
    const { kernel } = configured.value;
    this.statistics.begin(this.market.cash);
    return kernel === null ? this.decide(configured.value) : this.foresee(configured.value, kernel);
  }

  private foresee(strategy: ConfiguredBarStrategy, kernel: BarKernel): Result<TrialFigures, BacktestFault> {
    const { bars, market, statistics } = this;
    const fault = checkRun(bars, strategy, market);
    if (fault !== null) return fail(fault);
    const desk = new BarDesk(bars, market, this.fills);
    const { wanted, series } = this;
    playKernel(bars, { warmUp: strategy.warmUp, kernel }, desk, { wanted, stretches: statistics, series });
    return ok(figuresOf(statistics, desk.purse, market.cash, this.barsAYear));
  }

  private decide(strategy: ConfiguredBarStrategy): Result<TrialFigures, BacktestFault> {
    const { bars, market, statistics, equity, fills } = this;
    const ran = runBars(bars, strategy, market, { equity, fills });
    if (!ran.ok) return ran;
    statistics.take(equity, equity.length, 0, 1);
    return ok(figuresOf(statistics, ran.value, market.cash, this.barsAYear));
  }
}
