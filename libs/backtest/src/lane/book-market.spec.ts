import { describe, expect, it } from '@jest/globals';
import type { DepthRow, TradeRow } from '../data/market-row.js';
import { BookMarket } from './book-market.js';
import type { MarketEar, VenueOrder } from './lane-market.js';

const told: string[] = [];
const ear: MarketEar = {
  affords: () => true,
  accepted: ({ id }) => told.push(`${id} accepted`),
  filled: ({ id }, lots, ticks, liquidity) => told.push(`${id} filled ${lots} at ${ticks} ${liquidity}`),
  ended: ({ id }, end) => told.push(`${id} ${end}`),
};
const ids = (firstId: number, lastId = firstId) => ({ firstId, lastId, previousId: null });
const depth = (
  isSnapshot: boolean,
  [bids, asks]: readonly [DepthRow['bids'], DepthRow['asks']],
  of: DepthRow['ids'],
): DepthRow => ({
  kind: 'depth',
  isSnapshot,
  bids,
  asks,
  ids: of,
});
const trade = (ticks: number, lots: number): TradeRow => ({ kind: 'trade', ticks, lots, aggressor: 'sell' });
const order = (
  id: number,
  limit: number | null,
  left: number,
  timeInForce: VenueOrder['timeInForce'] = 'GTC',
): VenueOrder => ({
  id,
  side: 'buy',
  limit,
  timeInForce,
  left,
});

function opened(): BookMarket {
  told.length = 0;
  const market = new BookMarket(ear);
  market.play(depth(false, [[[99, 7]], []], ids(5)), 1);
  market.play(
    depth(
      true,
      [
        [[100, 10]],
        [
          [101, 3],
          [102, 20],
        ],
      ],
      ids(6),
    ),
    2,
  );
  return market;
}

describe('a market with a recorded book', () => {
  it('shows the book from its snapshot on, less what that holds already', () => {
    const { view } = opened();
    expect([view.bid, view.bidLots, view.ask, view.askLots]).toEqual([100, 10, 101, 3]);
  });

  it('lets an order wait behind what is displayed, and fills it by what trades beyond that', () => {
    const market = opened();
    market.place(order(1, 100, 4));
    market.play(trade(100, 8), 3);
    market.play(trade(100, 5), 4);
    market.play(trade(99, 9), 5);
    expect(told).toEqual(['1 accepted', '1 filled 3 at 100 maker', '1 filled 1 at 100 maker']);
  });

  it('gives what takes each displayed lot once', () => {
    const market = opened();
    market.place(order(1, null, 5));
    market.place(order(2, 101, 5, 'IOC'));
    expect(told).toEqual([
      '1 accepted',
      '1 filled 3 at 101 taker',
      '1 filled 2 at 102 taker',
      '2 accepted',
      '2 unfilled',
    ]);
  });

  it('refuses a post-only order that would take, and lets one wait until there is a book', () => {
    const market = opened();
    market.place(order(1, 101, 1, 'PO'));
    expect(told).toEqual(['1 would-take']);
    const early = new BookMarket(ear);
    early.place(order(2, 101, 1));
    expect(told).toHaveLength(1);
    early.play(depth(true, [[[100, 10]], [[101, 3]]], ids(6)), 2);
    expect(told.slice(1)).toEqual(['2 accepted', '2 filled 1 at 101 taker']);
  });

  it('counts updates that do not follow on one another', () => {
    const market = opened();
    market.play(depth(false, [[[100, 9]], []], ids(7)), 3);
    expect(market.gaps).toBe(0);
    market.play(depth(false, [[[100, 8]], []], ids(9)), 4);
    expect(market.gaps).toBe(1);
  });

  it('refuses updates without end that change nothing known', () => {
    const market = new BookMarket(ear);
    const play = () => {
      for (let id = 1; id <= 10_001; id += 1) market.play(depth(false, [[[100, id]], []], ids(id)), id);
    };
    expect(play).toThrow('BOOK_WITHOUT_SNAPSHOT');
  });
});
