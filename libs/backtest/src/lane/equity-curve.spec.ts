import { expect, it } from '@jest/globals';
import { Scale } from '../data/scale.js';
import { EquityCurve, pointsAYear } from './equity-curve.js';
import { emptyView, type LaneMarket, type MarketView } from './lane-market.js';
import { minute, planOf } from './scene.js';

const [instrument] = planOf({}).instruments;
const none = (): never => {
  throw new Error('a curve looks at a market and does nothing there');
};

/** Ticks of a hundredth. */
function curveOf(view: MarketView): EquityCurve {
  if (instrument === undefined) throw new Error('there is no instrument');
  const market: LaneMarket = { view, play: none, place: none, cancel: none };
  return new EquityCurve(minute, [{ instrument, scale: new Scale(instrument), market }]);
}

it('keeps the price beside each point: the last trade, before that the middle of the book, before that none', () => {
  const view = emptyView();
  const curve = curveOf(view);
  curve.begin(0);
  curve.note(1n, minute);
  Object.assign(view, { bid: 10_000 });
  curve.note(1n, 2 * minute);
  Object.assign(view, { ask: 10_001 });
  curve.keepFirstPrices();
  curve.note(1n, 3 * minute);
  Object.assign(view, { last: 4_621_693 });
  curve.end(1n, 3 * minute + 5);
  expect(curve.times).toEqual([minute, 2 * minute, 3 * minute, 3 * minute + 6]);
  expect(curve.prices).toEqual([{ symbol: 'BTC-USDT', first: 100.005, values: [Number.NaN, 100, 100.005, 46_216.93] }]);
});

it.each([
  ['one is wanted each minute', [1, 2, 3, 4], 525_600],
  ['data come once an hour', [0, 60, 120, 180, 180.5], 8_760],
  ['they come as they come, mostly one after another', [0, 1, 2, 58, 59, 120], 21_900],
  ['all is over within the first', [0, 0.5], 525_600],
  ['there is but one', [1], 525_600],
])('a year has as many points as there are where %s', (_, minutes, points) => {
  expect(pointsAYear({ times: minutes.map((at) => at * minute) }, minute)).toBe(points);
});
