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

/** NaN, which stops nothing, where no stop is wanted. */
export const stopBelow = (close: number, percent: number): number =>
  percent > 0 ? close * (1 - percent / 100) : Number.NaN;
