import { Price, Quantity } from '@scalpstorm/model';
import { hundredPercent } from '../sdk/reader.js';

/** Scales count 10^-4. */
export const scaleOne = 10_000n;

export interface StepRule {
  readonly quantity: Quantity;
  readonly safetyQuantity: Quantity;
  readonly safetyOrders: number;
  /** In 10^-4 percent. */
  readonly deviation: bigint;
  /** In 10^-4. */
  readonly stepScale: bigint;
  readonly volumeScale: bigint;
}

/** One order of the plan; the first is the base order. */
export interface Step {
  readonly quantity: Quantity;
  /** What all orders up to this one come to. */
  readonly upTo: Quantity;
  /** Below the price of the base order, in 10^-4 percent. */
  readonly deviation: bigint;
}

/**
 * The base order, then safety order i = 1 … n, as at 3Commas: quantity q × v^(i − 1), in whole steps of the venue, at a deviation of
 * d × (1 + s + … + s^(i − 1)) from the price of the base order.
 */
export function stepsOf(rule: StepRule, stepSize: Quantity): readonly Step[] {
  const { quantity, safetyQuantity, safetyOrders, stepScale, volumeScale } = rule;
  const steps: Step[] = [{ quantity, upTo: quantity, deviation: 0n }];
  let [size, down, deviation, upTo] = [safetyQuantity as bigint, rule.deviation, 0n, quantity as bigint];
  for (let order = 1; order <= safetyOrders; order += 1) {
    const whole = Quantity.floorTo(Quantity.fromUnits(size), stepSize);
    deviation += down;
    upTo += whole;
    steps.push({ quantity: whole, upTo: Quantity.fromUnits(upTo), deviation });
    size = (size * volumeScale) / scaleOne;
    down = (down * stepScale) / scaleOne;
  }
  return steps;
}

/** The level of a step on the tick, by the price of the base order. */
export function levelOf(step: Step, first: Price, tickSize: Price): Price {
  const units = (first * (hundredPercent - step.deviation)) / hundredPercent;
  return Price.floorTo(Price.fromUnits(units), tickSize);
}
