import { heightOf, instrumentAround, noPredictions, placingWarmUp } from '@scalpstorm/backtest';
import { type JsonObject, type Timeframe, timeframeLength } from '@scalpstorm/model';
import type { ParameterReader, Strategy } from '@scalpstorm/strategies';

/** What is said of a strategy that places its orders itself. */
interface PlacingWords {
  readonly parameters: JsonObject;
  readonly timeframe: Timeframe;
}

/** Bars that its measures take to be known; null: it can not be examined, and why is with the reader. */
export function readPlacing(
  reader: ParameterReader,
  strategy: Strategy,
  { parameters, timeframe }: PlacingWords,
): number | null {
  const configured = strategy.configure(parameters, instrumentAround(heightOf(parameters), parameters));
  if (!configured.ok) {
    reader.faults.push(...configured.error.map((fault) => ({ ...fault, field: `/parameters${fault.field}` })));
    return null;
  }
  const { measures } = configured.value;
  if (measures.model === undefined) return placingWarmUp(measures, timeframeLength[timeframe]);
  reader.faults.push({ ...noPredictions(strategy), field: '/strategy', allowed: 'a strategy that acts on prices' });
  return null;
}
