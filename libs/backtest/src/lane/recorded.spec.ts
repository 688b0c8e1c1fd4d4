import { beforeAll, expect, it } from '@jest/globals';
import { unwrap } from '@scalpstorm/kernel';
import { Money, Price, Quantity } from '@scalpstorm/model';
import {
  perpMinutes,
  recorded,
  rowsOf,
  recordedSource as source,
  spotBook,
  spotCapture,
  spotTrades,
} from '../../test/recorded-data.js';
import { laneInstrument } from './lane-instrument.js';
import { planOf, play } from './scene.js';

/** The plainest cycle: buy at one price, sell at another, again and again. */
const [buy, sell] = [61_660, 61_666];
const fixed = { quantity: '0.01', buyPrice: { fixed: `${buy}` }, sellPrice: { fixed: `${sell}` } };
const plan = planOf(fixed);

recorded('the recorded trades of a spot market', () => {
  it('fill as a few lines reckon that share nothing with the product', async () => {
    const run = await play(plan, source(spotTrades));
    // In hundred-thousandths of a coin: a trade beyond the price fills as much as it was of.
    let [side, left, cash] = ['buy', 1_000, 10_000];
    const expected: string[] = [];
    for (const [at, [, , , price = '', quantity = '']] of rowsOf(spotTrades).entries()) {
      if (at === 0) continue;
      const [paid, lots] = [Number(price), Math.floor(Math.round(Number(quantity) * 1e8) / 1e3)];
      const through = side === 'buy' ? paid < buy : paid > sell;
      const filled = through ? Math.min(lots, left) : 0;
      if (filled === 0) continue;
      const limit = side === 'buy' ? buy : sell;
      expected.push(`${side} ${filled} ${limit}`);
      cash += ((side === 'buy' ? -1 : 1) * filled * limit) / 1e5;
      left -= filled;
      if (left === 0) [side, left] = [side === 'buy' ? 'sell' : 'buy', 1_000];
    }
    expect(expected.length).toBeGreaterThan(10);
    expect(
      run.fills.map((fill) => `${fill.side} ${fill.quantity / Quantity.of('0.00001')} ${Price.format(fill.price)}`),
    ).toEqual(expected);
    const held = Number(
      Money.format({
        amount: run.lane.wallet.total(Money.of('0', 'USDT').currency),
        currency: Money.of('0', 'USDT').currency,
      }),
    );
    expect(held).toBeCloseTo(cash, 6);
  });
});

recorded('the recorded book of a spot market', () => {
  let tables: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    tables = await play(plan, source(spotTrades), source(spotBook));
  });

  it('comes to the same out of its tables and out of the raw capture of it', async () => {
    const raw = await play(plan, source(spotCapture));
    expect(tables.bookGaps).toBe(0);
    expect(raw.data[0]?.kind).toBe('capture');
    const [view, other] = [tables, raw].map(({ lane }) => lane.listings[0]?.market.view);
    expect([view?.bid, view?.ask, view?.last]).toEqual([other?.bid, other?.ask, other?.last]);
    expect(tables.fills.length).toBeGreaterThan(0);
    for (const { fills } of [tables, raw]) {
      for (const { price, side, liquidity } of fills) {
        if (liquidity === 'maker') expect(Price.format(price)).toBe(`${side === 'buy' ? buy : sell}`);
      }
    }
  });

  it('fills no order of more than was there, and its queue keeps what a tape would not', async () => {
    const tape = await play({ ...plan, rules: { ...plan.rules, queueAhead: '0' } }, source(spotTrades));
    const sum = (side: string, fills: typeof tables.fills) =>
      fills.reduce((all, fill) => (fill.side === side ? all + fill.quantity : all), 0n);
    const beyond = rowsOf(spotTrades).reduce((all, [, , , price = '', quantity = '']) => {
      return Number(price) <= buy ? all + Quantity.of(quantity) : all;
    }, 0n);
    expect(sum('buy', tables.fills) <= beyond).toBe(true);
    expect(sum('buy', tables.fills)).toBeLessThan(sum('buy', tape.fills));
  });
});

recorded('a month of recorded bars', () => {
  it('is played in steps that are as many as the bars, whatever the bot does', async () => {
    const instruments = [
      unwrap(laneInstrument({ symbol: 'BTC-USDT', tick: '0.001', step: '0.00001', notionalMin: '5' })),
    ];
    const offset = (value: string, from: string) => ({ offset: value, unit: 'bps', from });
    const parameters = {
      quantity: '0.01',
      stopLossPercent: '1',
      buyPrice: offset('-10', 'last'),
      sellPrice: offset('20', 'entry'),
    };
    const run = await play(planOf(parameters, {}, { instruments }), source(perpMinutes));
    expect(run.rows).toBe(4 * 45_031);
    expect(run.fills.length).toBeGreaterThan(100);
    // A row leads to a tick, a print, a quote, and the few steps of an order.
    expect(run.lane.bots[0]?.steps).toBeLessThan(3 * run.rows + 20 * run.orders.length);
    expect(run.lane.curve.values.length).toBe(45_031);
  });
});
