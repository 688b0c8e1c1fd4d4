import type { Micros } from '@scalpstorm/kernel';
import type { AnomalyLimits } from '../domain/anomaly.js';

/** What is unusual enough to be told. */
export abstract class AnomalySettings {
  abstract readonly limits: AnomalyLimits;
  /** The same is told again after so long. */
  abstract readonly coolDown: Micros;
}
