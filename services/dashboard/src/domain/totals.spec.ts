import { describe, expect, it } from '@jest/globals';
import type { Bot, Holdings, Order, PriceRow } from './rows.js';
import { totalsByMode } from './totals.js';

const bot = (own: Partial<Bot>): Bot => ({
  id: 'bot_1',
  name: 'one',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  desired: 'running',
  observed: 'running',
  reason: { code: 'RUNNING', text: '' },
  since: '2026-01-01T00:00:00.000Z',
  cycles: 1,
  fills: 2,
  pnl: '0.1',
  fees: '0.01',
  held: '0',
  currency: 'USDT',
  parameters: {},
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  ...own,
});
const holdings = (mode: Bot['mode'], quantity: string, symbol = 'BTC-USDT'): Holdings => ({
  id: mode,
  venue: 'sim',
  mode,
  label: mode,
  balances: [],
  positions: [
    {
      account: mode,
      mode,
      bot: null,
      venue: 'sim',
      symbol,
      quantity,
      cash: '0',
      currency: 'USDT',
      fees: [],
      fills: 1,
      updatedAt: '2026-01-01T00:00:00.000Z',
    },
  ],
});
const price: PriceRow = {
  instrument: 'sim:BTC-USDT',
  venue: 'sim',
  symbol: 'BTC-USDT',
  bid: '99',
  ask: '101',
  last: '100.5',
  feed: 'live',
  at: null,
};

describe('totals', () => {
  it('never sum money of different modes or currencies', () => {
    const bots = [
      bot({ mode: 'live', pnl: '5' }),
      bot({ mode: 'demo', pnl: '0.1' }),
      bot({ mode: 'demo', pnl: '0.2' }),
      bot({ mode: 'demo', pnl: '7', currency: 'EUR' }),
    ];
    const totals = totalsByMode({ bots, orders: [], accounts: [], prices: [] });
    expect(totals.map(({ mode, pnl }) => [mode, pnl])).toEqual([
      ['live', [{ currency: 'USDT', amount: '5' }]],
      [
        'demo',
        [
          { currency: 'USDT', amount: '0.3' },
          { currency: 'EUR', amount: '7' },
        ],
      ],
    ]);
  });

  it('value what is held at the last price, a short as much as a long, and name what has no price', () => {
    const accounts = [holdings('demo', '-2'), holdings('demo', '1', 'ETH-USDT'), holdings('paper', '0')];
    const [paper, demo] = totalsByMode({ bots: [], orders: [], accounts, prices: [price] });
    expect(demo).toMatchObject({ exposure: [{ currency: 'USDT', amount: '201' }], unpriced: ['ETH-USDT'] });
    expect(paper).toMatchObject({ mode: 'paper', exposure: [], unpriced: [] });
  });

  it('count open orders and bots in trouble by mode', () => {
    const orders = [
      { mode: 'demo', final: false },
      { mode: 'demo', final: true },
      { mode: 'live', final: false },
    ];
    const bots = [bot({ observed: 'error' }), bot({ observed: 'paused' })];
    const [demo] = totalsByMode({ bots, orders: orders as unknown as Order[], accounts: [], prices: [] });
    expect(demo).toMatchObject({ bots: 2, running: 0, failed: 1, openOrders: 1 });
  });

  it('never take what is not known yet for nothing', () => {
    const bots = [bot({})];
    const nothing = { bots, orders: undefined, accounts: undefined, prices: undefined };
    expect(totalsByMode(nothing)).toMatchObject([{ exposure: null, openOrders: null, running: 1 }]);
    const held = { ...nothing, orders: [], accounts: [holdings('demo', '1')] };
    expect(totalsByMode(held)).toMatchObject([{ exposure: null, openOrders: 0, unpriced: [] }]);
    const empty = { ...nothing, accounts: [holdings('demo', '0')] };
    expect(totalsByMode(empty)).toMatchObject([{ exposure: [], openOrders: null }]);
  });
});
