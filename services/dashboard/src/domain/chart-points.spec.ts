import { describe, expect, it } from '@jest/globals';
import { markersOf, pointsOf } from './chart-points.js';
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

  it('marks each candle once a side, with the exact sum of its fills, and none outside of the candles', () => {
    const at = Date.parse('2026-01-01T00:00:00Z') / 1000;
    const fills = [
      fill('buy', '0.1', '2026-01-01T00:00:59.9Z'),
      fill('buy', '0.2', '2026-01-01T00:00:01Z'),
      fill('sell', '1', '2026-01-01T00:00:01Z'),
      fill('sell', '5', '2025-12-31T00:00:01Z'),
    ];
    expect(markersOf(fills, [at], 60)).toEqual([
      { time: at, buys: true, text: '0.3' },
      { time: at, buys: false, text: '1' },
    ]);
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
