import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { Money, Price } from '@scalpstorm/model';
import { ladderWorld, trade } from '../ladder/scene.js';
import { grid } from './grid.js';

/** A month of a real market, which not every machine has. */
const file = new URL('../../../../../shared/data/btc-perp_1m_2021-12-31_2022-02-01.csv.gz', import.meta.url);
const fee = 0.001;

function closes(most: number): number[] {
  const [header = '', ...rows] = gunzipSync(readFileSync(file)).toString('utf8').trim().split('\n');
  const place = header.split(',').findIndex((name) => name.trim().toLowerCase() === 'close');
  return rows.slice(0, most).map((row) => Number(row.split(',')[place]));
}

/** The rule in a few lines: bought at a level when the price comes from above it, sold at the next one. */
function byHand(prices: readonly number[], levels: readonly number[]) {
  let [pairs, net] = [0, 0];
  const rungs = levels
    .slice(0, -1)
    .map((buy, index) => ({ buy, sell: levels[index + 1] ?? 0, rests: false, holds: false }));
  for (const price of prices) {
    for (const rung of rungs) {
      if (!rung.holds && price > rung.buy) rung.rests = true;
      if (rung.rests && price <= rung.buy) [rung.rests, rung.holds] = [false, true];
      if (!rung.holds || price - 0.01 < rung.sell) continue;
      [rung.holds, rung.rests] = [false, true];
      pairs += 1;
      net += (1 - fee) * (1 - fee) * rung.sell - rung.buy;
    }
  }
  return { pairs, net };
}

(existsSync(file) ? describe : describe.skip)('a grid on recorded prices', () => {
  it('earns what the rule in a few lines does', () => {
    const prices = closes(3_000);
    const levels = Array.from({ length: 21 }, (_, index) => 45_000 + 200 * index);
    const venue = ladderWorld(grid, {
      lower: '45000',
      upper: '49000',
      levels: 21,
      spacing: 'arithmetic',
      quantity: '1',
    });
    venue.market(String(prices[0]), String(prices[0]));
    venue.command({ kind: 'started' });
    for (const price of prices) {
      venue.pass(60);
      trade(venue, Price.format(Price.of((price - 0.01).toFixed(2))), price.toFixed(2));
    }
    const net = [...venue.cycles.values()].reduce((sum, cycle) => sum + Number(Money.format(cycle.net)), 0);
    const wanted = byHand(prices, levels);
    expect(wanted.pairs).toBeGreaterThan(20);
    expect(venue.cycles.size).toBe(wanted.pairs);
    expect(net).toBeCloseTo(wanted.net, 6);
  });
});
