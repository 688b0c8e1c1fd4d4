import type { RiskLimits } from '@scalpstorm/engine';
import type { Sessions } from './sessions.js';

/**
 * Past the expiry of an approval, execution may still be committing the mark that it began in time. For so long nothing is given
 * back that was reserved for it, and a gate that has started opens nothing.
 */
export const approvalGraceMs = 2_000;

/** Limits and the life of an approval, as configured. */
export abstract class GateSettings {
  abstract readonly limits: RiskLimits;
  abstract readonly approvalLifeMs: number;
  abstract readonly verdictsKeptDays: number;
  /** Not there: nothing ever closes. */
  readonly sessions?: Sessions;
}
