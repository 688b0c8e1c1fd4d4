import { describe, expect, it } from '@jest/globals';
import type { LaneMarketRules } from './lane-options.js';
import { fixedCycle, linesOf, planOf, play, type TradeText, trades } from './scene.js';

interface Case {
  readonly name: string;
  readonly rows: readonly TradeText[];
  readonly fills: readonly string[];
  readonly rules?: Partial<LaneMarketRules>;
}

/** Buy 1 at 100, sell it at 110. It is asked for at the first trade. */
const cases: readonly Case[] = [
  {
    name: 'what rests at its own price where one goes through it, as much as was traded',
    rows: [
      [0, 105, 1, 'buy'],
      [1, 99, 0.4, 'sell'],
      [2, 98, 5, 'sell'],
    ],
    fills: ['buy 0.4 at 100 maker, 1 s', 'buy 0.6 at 100 maker, 2 s'],
  },
  {
    name: 'nothing at its price behind a queue without end',
    rows: [
      [0, 105, 1, 'buy'],
      [1, 100, 500, 'sell'],
    ],
    fills: [],
  },
  {
    name: 'what rests at its price once the queue before it has traded',
    rows: [
      [0, 105, 1, 'buy'],
      [1, 100, 2, 'sell'],
      [2, 100, 1.5, 'sell'],
      [3, 100, 9, 'sell'],
    ],
    rules: { queueAhead: '3' },
    fills: ['buy 0.5 at 100 maker, 2 s', 'buy 0.5 at 100 maker, 3 s'],
  },
  {
    name: 'no queue that a trade went through',
    rows: [
      [0, 105, 1, 'buy'],
      [1, 99.99, 1, 'sell'],
    ],
    rules: { queueAhead: '3' },
    fills: ['buy 1 at 100 maker, 1 s'],
  },
  {
    name: 'a share of what was traded',
    rows: [
      [0, 105, 1, 'buy'],
      [1, 99, 2, 'sell'],
      [2, 99, 8, 'sell'],
    ],
    rules: { liquidityShare: 0.25 },
    fills: ['buy 0.5 at 100 maker, 1 s', 'buy 0.5 at 100 maker, 2 s'],
  },
  {
    name: 'nothing of the very trade that a bot acts on, nor of another at its time',
    rows: [
      [0, 105, 1, 'buy'],
      [0, 99, 5, 'sell'],
      [1, 99, 0.25, 'sell'],
    ],
    fills: ['buy 1 at 99 taker, 0 s'],
  },
];

describe('trades fill', () => {
  it.each(cases)('$name', async ({ rows, fills, rules = {} }) => {
    expect(linesOf(await play(planOf({}, rules), trades(...rows)))).toEqual(fills);
  });
});

it('what takes has one share of the minute before between all of them', async () => {
  const parameters = { ...fixedCycle, buyPrice: { fixed: '200' }, sellPrice: { fixed: '210' }, loop: false };
  const bot = { strategy: 'scalping-cycle', symbol: 'BTC-USDT', parameters };
  const late = { orderLatency: { fixed: 60_500_000, spread: 0 }, liquidityShare: 0.25 };
  const rows = trades([0, 105, 6, 'buy'], [60, 105, 0.001, 'buy'], [61, 105, 0.001, 'buy']);
  const run = await play(planOf({}, late, { bots: [bot, bot] }), rows);
  expect(linesOf(run).filter((line) => line.includes('taker'))).toEqual([
    'buy 1 at 105 taker, 61 s',
    'buy 0.5 at 105 taker, 61 s',
  ]);
});
