import type { BarMarket } from '@scalpstorm/backtest';
import type { Refusal } from '@scalpstorm/contracts';
import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { ParameterReader } from '@scalpstorm/strategies';
import { type BarsWanted, checkTimeframe, readBarsWanted, type SpecBounds } from './bars-wanted.js';
import { marketFields, readMarket } from './market-of-spec.js';
import { countedAs, type RuleWords, readRule } from './rule-of-spec.js';

/** What a backtest is, whole and checked. */
export interface BacktestSpec extends RuleWords {
  /** Among whose trials it counts. */
  readonly counted: string;
  readonly bars: BarsWanted;
  readonly market: BarMarket;
  /** By the kernel of the rule. */
  readonly fast: boolean;
}

const fields = ['strategy', 'parameters', 'instrument', 'timeframe', 'from', 'to', ...marketFields, 'fast'] as const;

/** Every fault at once, at the field that is to blame. */
export function readBacktestSpec(given: JsonObject, bounds: SpecBounds): Result<BacktestSpec, readonly Refusal[]> {
  const reader = new ParameterReader(given).onlyFields(fields);
  const read = readRule(reader, bounds);
  const bars = readBarsWanted(reader, bounds);
  const market = readMarket(reader);
  const fast = reader.oneOf('fast', [false, true], false);
  if (read !== null && bars !== null) checkTimeframe(reader, read.rule, bars.timeframe);
  if (fast && read !== null && read.rule.kernel === null)
    reader.fault('NO_FAST_PATH', 'fast', `${read.rule.id} decides by what it holds, so it has no fast path.`, 'false');
  if (reader.faults.length > 0 || read === null || bars === null || market === null) return fail(reader.faults);
  return ok({ ...read.words, counted: countedAs(read.words, read.rule.id), bars, market, fast });
}
