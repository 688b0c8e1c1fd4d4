import { defineIndicator } from '../define.js';
import { type ParametersOf, period } from '../parameters.js';
import { Delay } from '../parts/delay.js';
import { WindowMaximum, windowExtremes } from '../parts/window-maximum.js';
import { requireUsable, type Stream } from '../stream.js';

const parameters = {
  conversionPeriod: period('Period of the conversion line', 9),
  basePeriod: period('Period of the base line', 26),
  spanPeriod: period('Period of leading span B', 52),
  displacement: period('Rows that the cloud is drawn ahead', 26, 0),
};
type Parameters = ParametersOf<typeof parameters>;

/** Halfway between the highest high and the lowest low. */
class Midpoint {
  private readonly highest: WindowMaximum;
  private readonly lowest: WindowMaximum;

  constructor(period: number) {
    this.highest = new WindowMaximum(period);
    this.lowest = new WindowMaximum(period);
  }

  push(high: number, low: number): number {
    return (this.highest.push(high) - this.lowest.push(-low)) / 2;
  }
}

class Ichimoku implements Stream {
  readonly outputs = new Float64Array(6).fill(Number.NaN);
  private readonly conversion: Midpoint;
  private readonly base: Midpoint;
  private readonly span: Midpoint;
  private readonly cloudA: Delay;
  private readonly cloudB: Delay;

  constructor(readonly parameters: Parameters) {
    this.conversion = new Midpoint(parameters.conversionPeriod);
    this.base = new Midpoint(parameters.basePeriod);
    this.span = new Midpoint(parameters.spanPeriod);
    this.cloudA = new Delay(parameters.displacement);
    this.cloudB = new Delay(parameters.displacement);
  }

  update(high: number, low: number): number {
    requireUsable(high, 'high');
    requireUsable(low, 'low');
    const conversion = this.conversion.push(high, low);
    const base = this.base.push(high, low);
    const leadingA = (conversion + base) / 2;
    const leadingB = this.span.push(high, low);
    const cloudA = this.cloudA.push(leadingA);
    const cloudB = this.cloudB.push(leadingB);
    if (Number.isNaN(cloudA + cloudB)) return Number.NaN;
    const { outputs } = this;
    outputs[0] = conversion;
    outputs[1] = base;
    outputs[2] = leadingA;
    outputs[3] = leadingB;
    outputs[4] = cloudA;
    outputs[5] = cloudB;
    return conversion;
  }
}

export const ichimoku = defineIndicator(
  {
    id: 'ichimoku',
    title: 'Ichimoku cloud',
    formula:
      'Each line is (highest high + lowest low) ÷ 2 over its period: conversion, base, leadingB; leadingA = (conversion + base) ÷ 2; cloudA and cloudB are leadingA and leadingB of `displacement` rows ago',
    source:
      'Hosoda (1968). leadingA and leadingB are what is drawn `displacement` rows ahead, cloudA and cloudB the cloud that stands at this row; no output looks ahead. TradingView draws one row nearer (25). The lagging span is the close itself, drawn back.',
    inputs: ['high', 'low'],
    outputs: {
      conversion: 'price',
      base: 'price',
      leadingA: 'price',
      leadingB: 'price',
      cloudA: 'price',
      cloudB: 'price',
    },
    parameters,
  },
  {
    warmUp: ({ conversionPeriod, basePeriod, spanPeriod, displacement }) =>
      Math.max(conversionPeriod, basePeriod, spanPeriod) + displacement,
    start: (given) => new Ichimoku(given),
    fill({ high, low }, { conversionPeriod, basePeriod, spanPeriod, displacement }, outputs) {
      const { conversion, base, leadingA, leadingB, cloudA, cloudB } = outputs;
      fillMidpoints({ high, low, period: conversionPeriod }, conversion, cloudA);
      fillMidpoints({ high, low, period: basePeriod }, base, cloudA);
      fillMidpoints({ high, low, period: spanPeriod }, leadingB, cloudA);
      for (let index = 0; index < high.length; index += 1)
        leadingA[index] = ((conversion[index] as number) + (base[index] as number)) / 2;
      cloudA.set(leadingA.subarray(0, high.length - displacement), displacement);
      cloudB.set(leadingB.subarray(0, high.length - displacement), displacement);
    },
  },
);

/** `spare` is written over. */
function fillMidpoints(
  { high, low, period }: { readonly high: Float64Array; readonly low: Float64Array; readonly period: number },
  out: Float64Array,
  spare: Float64Array,
): void {
  windowExtremes(high, { from: 0, period, sign: 1 }, out);
  windowExtremes(low, { from: 0, period, sign: -1 }, spare);
  for (let index = 0; index < high.length; index += 1)
    out[index] = ((out[index] as number) + (spare[index] as number)) / 2;
}
