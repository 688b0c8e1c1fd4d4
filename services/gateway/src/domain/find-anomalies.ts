import type { Anomaly, AnomalyLimits, AnomalyLook } from './anomaly.js';
import { keyAnomalies } from './key-anomalies.js';
import { logInAnomalies } from './log-in-anomalies.js';
import { orderAnomalies } from './order-anomalies.js';

/** Everything unusual in what was recorded. The same look finds the same, as often as it is taken. */
export const findAnomalies = (look: AnomalyLook, limits: AnomalyLimits): readonly Anomaly[] => [
  ...logInAnomalies(look, limits),
  ...keyAnomalies(look.facts, limits),
  ...orderAnomalies(look.rates, limits),
];
