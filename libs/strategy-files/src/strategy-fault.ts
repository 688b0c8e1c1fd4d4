import type { ParameterFault } from '@scalpstorm/strategies';

/** Why no strategy came of what was named. */
export interface StrategyFault {
  /** Stable, e.g. `STRATEGY_NOT_EXPORTED`. */
  readonly code: string;
  readonly text: string;
  readonly next: string;
  /** Each points at a field. */
  readonly faults: readonly ParameterFault[];
}
