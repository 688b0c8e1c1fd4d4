import { describe, expect, it } from '@jest/globals';
import { markersOf, pointsOf, tradesOf, tradesShown } from './chart-points.js';
import { merged } from './merge.js';
import type { Fill } from './rows.js';

const candle = (openedAt: string, close: string) => ({
  openedAt,
  open: '1',
  high: '3',
  low: '0.5',
  close,
  volume: '0',
  closed: false,
});
const fill = (side: 'buy' | 'sell', quantity: string, occurredAt: string): Fill => ({
  tradeId: occurredAt,
  clientOrderId: 'x',
  bot: null,
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  side,
  price: '1',
  quantity,
  fee: { amount: '0', currency: 'USDT' },
  liquidity: 'maker',
  occurredAt,
});

describe('a chart', () => {
  it('has one point a time, oldest first, the newest word for each', () => {
    const points = pointsOf([
      candle('2026-01-01T00:00:05Z', '9'),
      candle('2026-01-01T00:00:00Z', '1'),
      candle('2026-01-01T00:00:00Z', '2'),
    ]);
    expect(points.map(({ close }) => close)).toEqual([2, 9]);
  });

  const at = Date.parse('2026-01-01T00:00:00Z') / 1000;

  it('tells of each candle and side the exact sum of its fills, and of none outside of the candles', () => {
    const fills = [
      fill('buy', '0.1', '2026-01-01T00:00:59.9Z'),
      fill('buy', '0.2', '2026-01-01T00:00:01Z'),
      fill('sell', '1', '2026-01-01T00:00:01Z'),
      fill('sell', '5', '2025-12-31T00:00:01Z'),
    ];
    expect(tradesShown(tradesOf(fills, 60), [at], null)).toEqual([
      { time: at, buys: true, quantity: '0.3', fills: 2 },
      { time: at, buys: false, quantity: '1', fills: 1 },
    ]);
  });

  it('marks no candle of which fills may be missing, so that no mark tells a part', () => {
    const fills = [
      fill('buy', '1', '2026-01-01T00:00:30Z'),
      fill('buy', '1', '2026-01-01T00:01:30Z'),
      fill('buy', '1', '2026-01-01T00:02:00Z'),
    ];
    const openings = [at, at + 60, at + 120];
    const shownAfter = (since: string | null) =>
      tradesShown(tradesOf(fills, 60), openings, since).map(({ time }) => time - at);
    expect(shownAfter(null)).toEqual([0, 60, 120]);
    expect(shownAfter('2026-01-01T00:00:30Z')).toEqual([60, 120]);
    expect(shownAfter('2026-01-01T00:01:00Z')).toEqual([120]);
  });

  it('tells quantities only where they do not cover one another, the newest first, each side for itself', () => {
    const trade = (time: number, buys: boolean) => ({ time, buys, quantity: '0.00123', fills: 1 });
    const trades = [trade(0, true), trade(5, true), trade(8, false), trade(9, true), trade(10, false)];
    const told = (barPx: number) => markersOf(trades, 1, barPx).map(({ text }) => text !== '');
    expect(told(6)).toEqual([false, false, false, true, true]);
    expect(told(8)).toEqual([true, false, false, true, true]);
    expect(told(100)).toEqual([true, true, true, true, true]);
    expect(markersOf(trades, 1, 6).map(({ time }) => time)).toEqual([0, 5, 8, 9, 10]);
  });

  it('of what was fetched and what came since has each row once, the newer one', () => {
    const rules = {
      keyOf: ({ id }: { id: string }) => id,
      timeOf: ({ at }: { at: string }) => at,
      isNewer: (row: { v: number }, known: { v: number }) => row.v >= known.v,
    };
    const live = [
      { id: 'a', at: '2', v: 2 },
      { id: 'c', at: '3', v: 1 },
    ];
    const fetched = [
      { id: 'a', at: '2', v: 1 },
      { id: 'b', at: '1', v: 1 },
    ];
    expect(merged(live, fetched, rules)).toEqual([
      { id: 'c', at: '3', v: 1 },
      { id: 'a', at: '2', v: 2 },
      { id: 'b', at: '1', v: 1 },
    ]);
  });
});
