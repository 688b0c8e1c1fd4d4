import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { InstrumentId, Price } from '@scalpstorm/model';
import { aCandle, aFeedStatus, aQuote, aTrade, FakeClock } from '@scalpstorm/testkit';
import { candlesPerSeriesMax, instrumentsMax, MarketBoard, silenceMax } from './market-board.js';

const bitcoin = InstrumentId.of('sim', 'BTC-USDT');
const at = Timestamp.fromMillis(1_700_000_000_000);

describe('the market board', () => {
  it('shows the newest quote, trade and feed status of an instrument together', () => {
    const board = new MarketBoard(new FakeClock());
    board.quote(
      aQuote({ instrumentId: bitcoin, bidPrice: Price.of('99.5'), askPrice: Price.of('100.5'), occurredAt: at }),
    );
    board.trade(aTrade({ instrumentId: bitcoin, price: Price.of('100'), occurredAt: Timestamp.plus(at, 1_000_000) }));
    board.feed(aFeedStatus({ instrumentId: bitcoin, state: 'live' }));
    expect(board.pricesSince(-1)).toEqual([
      {
        instrument: 'sim:BTC-USDT',
        venue: 'sim',
        symbol: 'BTC-USDT',
        bid: '99.5',
        ask: '100.5',
        last: '100',
        feed: 'live',
        at: '2023-11-14T22:13:21.000Z',
      },
    ]);
  });

  it('tells a reader only what changed after its revision', () => {
    const board = new MarketBoard(new FakeClock());
    board.trade(aTrade({ instrumentId: bitcoin }));
    const seen = board.revision;
    expect(board.pricesSince(seen)).toEqual([]);
    board.trade(aTrade({ instrumentId: InstrumentId.of('sim', 'ETH-USDT') }));
    expect(board.pricesSince(seen).map(({ symbol }) => symbol)).toEqual(['ETH-USDT']);
  });

  it('calls a feed stale when nothing was heard for five seconds, whatever was told, until something is heard again', () => {
    const clock = new FakeClock();
    const board = new MarketBoard(clock);
    const feedNow = () => board.pricesSince(-1).map(({ feed }) => feed);
    board.feed(aFeedStatus({ instrumentId: bitcoin, state: 'live' }));
    clock.advance(silenceMax);
    board.noticeSilence();
    expect(feedNow()).toEqual(['live']);
    const seen = board.revision;
    clock.advance(1);
    board.noticeSilence();
    expect([feedNow(), board.pricesSince(seen).length]).toEqual([['stale'], 1]);
    const told = board.revision;
    board.noticeSilence();
    expect(board.revision).toBe(told);
    board.quote(aQuote({ instrumentId: bitcoin }));
    expect(feedNow()).toEqual(['live']);
  });

  it('replaces an open candle, and never a closed one by an open one', () => {
    const board = new MarketBoard(new FakeClock());
    const candle = aCandle({ instrumentId: bitcoin, timeframe: '1s', openedAt: at, closed: false });
    board.candle({ ...candle, close: Price.of('1') });
    board.candle({ ...candle, close: Price.of('2'), closed: true });
    board.candle({ ...candle, close: Price.of('3') });
    expect(board.candlesSince(bitcoin, '1s', -1).map(({ close, closed }) => [close, closed])).toEqual([['2', true]]);
  });

  it('keeps only the newest candles of a series, oldest first', () => {
    const board = new MarketBoard(new FakeClock());
    const count = candlesPerSeriesMax + 5;
    for (let index = 0; index < count; index += 1) {
      board.candle(
        aCandle({ instrumentId: bitcoin, timeframe: '1s', openedAt: Timestamp.plus(at, index * 1_000_000) }),
      );
    }
    const kept = board.candlesSince(bitcoin, '1s', -1);
    expect(kept).toHaveLength(candlesPerSeriesMax);
    expect(kept[0]?.openedAt).toBe(Timestamp.toIso(Timestamp.plus(at, 5_000_000)));
  });

  it('stays bounded however many instruments are heard', () => {
    const board = new MarketBoard(new FakeClock());
    for (let index = 0; index < instrumentsMax + 10; index += 1) {
      board.trade(aTrade({ instrumentId: InstrumentId.of('sim', `C${index}-USDT`) }));
    }
    expect(board.pricesSince(-1)).toHaveLength(instrumentsMax);
  });
});
