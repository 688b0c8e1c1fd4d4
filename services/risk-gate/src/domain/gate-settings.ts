import type { RiskLimits } from '@scalpstorm/engine';
import type { Sessions } from './sessions.js';

/** Limits and the life of an approval, as configured. */
export abstract class GateSettings {
  abstract readonly limits: RiskLimits;
  abstract readonly approvalLifeMs: number;
  abstract readonly verdictsKeptDays: number;
  /** Not there: nothing ever closes. */
  readonly sessions?: Sessions;
}
