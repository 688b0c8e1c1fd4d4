import { describe, expect, it } from '@jest/globals';
import { type JsonObject, Money } from '@scalpstorm/model';
import type { LaneMarketRules } from './lane-options.js';
import { balancesOf, candles, linesOf, planOf, play } from './scene.js';

const flat = [105, 105, 105, 105];
const stop: JsonObject = { stopLossPercent: '5', loop: false };

interface Case {
  readonly name: string;
  readonly bars: readonly (readonly number[])[];
  readonly fills: readonly string[];
  readonly parameters?: JsonObject;
  readonly rules?: Partial<LaneMarketRules>;
}

/** Bars of a minute; their extremes are at a third and at two thirds of it. Buy 1 at 100, sell it at 110. */
const cases: readonly Case[] = [
  {
    name: 'what rests at its own price when the price goes through it',
    bars: [flat, [105, 106, 99, 101], [101, 111, 101, 108]],
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 110 maker, 160 s'],
  },
  { name: 'nothing that is only touched', bars: [flat, [105, 106, 100, 101]], fills: [] },
  {
    name: 'what is touched where that is assumed',
    bars: [flat, [105, 106, 100, 101], [101, 110, 101, 108]],
    rules: { fillsOnTouch: true },
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 110 maker, 160 s'],
  },
  {
    name: 'what the price jumped over in a gap at its own price, no better',
    bars: [flat, [95, 96, 94, 95]],
    fills: ['buy 1 at 100 maker, 60 s'],
  },
  {
    name: 'a stop before a target where both are inside the bar',
    bars: [flat, [105, 105, 99, 100], [100, 111, 94, 105]],
    parameters: stop,
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 94 taker, 140 s'],
  },
  {
    name: 'a target before a stop for an optimist',
    bars: [flat, [105, 105, 99, 100], [100, 111, 94, 105]],
    parameters: stop,
    rules: { path: 'optimistic' },
    fills: ['buy 1 at 100 maker, 80 s', 'sell 1 at 110 maker, 140 s'],
  },
  {
    name: 'no target in the bar of an entry unless its close is there',
    bars: [flat, [105, 120, 99, 101]],
    fills: ['buy 1 at 100 maker, 100 s'],
  },
  {
    name: 'the target in the bar of an entry whose close is through it',
    bars: [flat, [105, 120, 99, 112]],
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 110 maker, 120 s'],
  },
  {
    name: 'what comes after a close at the open of the next bar',
    bars: [flat, [92, 93, 91, 92]],
    parameters: { buyPrice: { fixed: '106' } },
    // The open is heard with the close.
    rules: { dataLatency: { fixed: 59_999_999, spread: 0 } },
    fills: ['buy 1 at 92 taker, 60 s'],
  },
  {
    name: 'what takes at half the spread and the slippage, rounded against it',
    bars: [flat, [105, 105, 99, 100], [100, 101, 94, 96]],
    parameters: stop,
    rules: { spreadBps: 10, slippage: { kind: 'fixed', bps: 20 } },
    // 94 less 5 basis points is 93.95; less 20 of that, 93.7621.
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 93.76 taker, 140 s'],
  },
  {
    name: 'worse by a share of the range of the bar before',
    bars: [flat, [105, 105, 99, 100], [100, 101, 94, 96]],
    parameters: stop,
    rules: { slippage: { kind: 'volatility', factor: 0.1 } },
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 93.4 taker, 140 s'],
  },
  {
    name: 'worse by the square root of its share of the volume of the bar before',
    bars: [flat, [105, 105, 99, 100, 4], [100, 101, 94, 96]],
    parameters: stop,
    rules: { slippage: { kind: 'square-root', factor: 1 } },
    // 6 ÷ 100 × √(1 ÷ 4) of 94 is 2.82.
    fills: ['buy 1 at 100 maker, 100 s', 'sell 1 at 91.18 taker, 140 s'],
  },
  {
    name: 'a share of the volume of each bar, until it is done',
    bars: [flat, [105, 105, 99, 99, 4], [99, 99, 98, 99, 4], [99, 99, 98, 99, 100]],
    rules: { liquidityShare: 0.1 },
    fills: ['buy 0.4 at 100 maker, 100 s', 'buy 0.4 at 100 maker, 120 s', 'buy 0.2 at 100 maker, 180 s'],
  },
];

describe('bars fill', () => {
  it.each(cases)('$name', async ({ bars, fills, parameters = {}, rules = {} }) => {
    expect(linesOf(await play(planOf(parameters, rules), candles(...bars)))).toEqual(fills);
  });

  it('nothing twice, and all of it at the cost of what it was', async () => {
    const bars = [flat, [105, 106, 99, 101], [101, 111, 101, 108]];
    expect(balancesOf(await play(planOf({ loop: false }), candles(...bars)))).toEqual({ USDT: '10010', BTC: '0' });
  });

  it('what a bot sells first, with the worse extreme the other way round', async () => {
    const parameters = { firstSide: 'sell', buyPrice: { fixed: '90' }, sellPrice: { fixed: '100' }, ...stop };
    const more = { balances: [Money.of('10000', 'USDT'), Money.of('1', 'BTC')] };
    const bars = [
      [95, 95, 95, 95],
      [95, 101, 94, 99],
      [99, 106, 89, 95],
    ];
    expect(linesOf(await play(planOf(parameters, {}, more), candles(...bars)))).toEqual([
      'sell 1 at 100 maker, 100 s',
      'buy 1 at 106 taker, 140 s',
    ]);
  });
});
