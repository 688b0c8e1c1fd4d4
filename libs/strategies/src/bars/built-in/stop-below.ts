import type { Desk } from '../bar-strategy.js';
import type { NumberParameter } from '../declared-parameters.js';

/** Against a fall that a rule of reversion would buy and buy again. */
export const stopPercent: NumberParameter = {
  kind: 'number',
  title: 'Stop, %',
  description: 'Sells when the price has fallen so much below the close at which it wanted to enter; 0: no stop.',
  default: 3,
  min: 0,
  max: 50,
};

/** Where one is wanted. */
export function stopBelow(desk: Desk, close: number, percent: number): void {
  if (percent > 0) desk.stopAt(close * (1 - percent / 100));
}
