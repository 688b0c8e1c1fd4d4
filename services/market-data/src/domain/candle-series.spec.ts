import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, InstrumentId, Price, Quantity, type Trade, TradeId } from '@scalpstorm/model';
import fc from 'fast-check';
import { CandleSeries } from './candle-series.js';

const instrumentId = InstrumentId.of('sim', 'BTC-USDT');
const at = (seconds: number): Timestamp => Timestamp.fromMicros(Math.round(seconds * 1_000_000));
const tradeAt = (seconds: number, price: string, quantity = '1'): Trade => ({
  instrumentId,
  tradeId: TradeId.of(`${seconds}`),
  price: Price.of(price),
  quantity: Quantity.of(quantity),
  aggressor: 'buy',
  occurredAt: at(seconds),
});
const shown = (candle: Candle): string =>
  `${candle.openedAt / 1_000_000} ${[candle.open, candle.high, candle.low, candle.close].map(Price.format).join('/')} ` +
  `${Quantity.format(candle.volume)} ${candle.trades}${candle.closed ? '' : ' open'}`;
/** The venue's own. */
const closedAt = (seconds: number, trades: number): Candle => ({
  instrumentId,
  timeframe: '1m',
  openedAt: at(seconds),
  open: Price.of('10'),
  high: Price.of('12'),
  low: Price.of('10'),
  close: Price.of('12'),
  volume: Quantity.of(`${trades}`),
  trades,
  closed: true,
});
const minute = () => new CandleSeries(instrumentId, '1m', 100);

describe('a series of candles', () => {
  it('gathers the trades of an interval', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    series.trade(tradeAt(30, '12', '0.5'));
    series.trade(tradeAt(59.9, '9', '0.25'));
    expect(series.takeChanged()).toMatchObject({ openedAt: at(0), closed: false });
    const [first] = series.trade(tradeAt(60, '11'));
    expect(first && shown(first.candle)).toBe('0 10/12/9/9 1.75 3');
    const open = series.takeChanged();
    expect(open && shown(open)).toBe('60 11/11/11/11 1 1 open');
    expect(series.takeChanged()).toBeNull();
  });

  it('closes by time, with flat candles where nobody traded', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    expect(series.advance(at(59))).toEqual([]);
    expect(series.advance(at(185)).map(({ candle }) => shown(candle))).toEqual([
      '0 10/10/10/10 1 1',
      '60 10/10/10/10 0 0',
      '120 10/10/10/10 0 0',
    ]);
    series.trade(tradeAt(190, '14'));
    series.trade(tradeAt(191, '13'));
    expect(series.advance(at(240)).map(({ candle }) => shown(candle))).toEqual(['180 14/14/13/13 2 2']);
  });

  it('leaves the flat candles of a very long silence to the venue', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    expect(series.advance(at(60 * 10_000)).length).toBe(1);
    expect(series.history().length).toBe(1);
  });

  it('puts a late trade where it belongs and says that the candle is doubtful', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    series.trade(tradeAt(61, '11'));
    const [corrected] = series.trade(tradeAt(30, '15'));
    expect(corrected).toMatchObject({ doubtful: true });
    expect(corrected && shown(corrected.candle)).toBe('0 10/15/10/10 2 2');
    series.trade(tradeAt(60.5, '8'));
    const open = series.takeChanged();
    expect(open && shown(open)).toBe('60 8/11/8/11 2 2 open');
  });

  it('doubts the candle in which it began to listen, and what was being built when the connection was lost', () => {
    const series = minute();
    series.trade(tradeAt(30, '10'));
    const doubtful = [...series.advance(at(60)), ...series.advance(at(120))].map((change) => change.doubtful);
    series.doubt();
    expect([...doubtful, ...series.advance(at(180)).map((change) => change.doubtful)]).toEqual([true, false, true]);
  });

  it("takes the venue's own candles over ours, and tells only those that differ", () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    const [ours] = series.advance(at(60));
    const theirs = ours && { ...ours.candle, volume: Quantity.of('3'), trades: 3 };
    expect(theirs && series.adopt([theirs])).toEqual([{ candle: theirs, doubtful: false, isNews: true }]);
    expect(theirs && series.adopt([theirs])).toEqual([]);
    expect(series.history()).toEqual([theirs]);
  });

  it('leaves a candle alone that the venue closed while we still waited for late trades', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    const theirs = closedAt(0, 5);
    expect(series.adopt([theirs])).toMatchObject([{ candle: theirs, doubtful: false }]);
    // What it has come late now: the open one is not told after the closed one, and no trade is counted twice.
    series.trade(tradeAt(59, '12'));
    expect(series.takeChanged()).toBeNull();
    expect(series.advance(at(60))).toEqual([]);
    expect(series.trade(tradeAt(58, '12'))).toEqual([{ candle: theirs, doubtful: true, isNews: false }]);
    expect(series.history()).toEqual([theirs]);
  });

  it('doubts a candle of the venue that is not what it built itself from every trade', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    series.advance(at(60));
    for (const second of [61, 62, 63]) series.trade(tradeAt(second, '10'));
    const partial = closedAt(60, 2);
    series.adopt([partial]);
    expect(series.advance(at(120))).toEqual([{ candle: partial, doubtful: true, isNews: false }]);
  });

  it('closes what it was building when the venue is in a later interval already', () => {
    const series = minute();
    series.trade(tradeAt(1, '10'));
    const [closed, ...others] = series.adopt([{ ...closedAt(60, 2), closed: false }]);
    expect(others).toEqual([]);
    expect(closed).toMatchObject({ doubtful: true, isNews: true });
    expect(closed && shown(closed.candle)).toBe('0 10/10/10/10 1 1');
  });

  it('keeps a bounded history, oldest first', () => {
    const series = new CandleSeries(instrumentId, '1s', 5);
    for (let second = 0; second < 20; second += 1) series.trade(tradeAt(second, '10'));
    expect(series.history().map((candle) => candle.openedAt)).toEqual([14, 15, 16, 17, 18].map(at));
  });

  it('loses no trade and leaves no hole, whatever the times', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 1, maxLength: 80 });
    fc.assert(
      fc.property(times, (seconds) => {
        const sorted = [...seconds].sort((a, b) => a - b);
        const series = minute();
        for (const second of sorted) series.trade(tradeAt(second, '10'));
        series.advance(at(3_060));
        const closed = series.history();
        expect(closed.reduce((sum, candle) => sum + candle.trades, 0)).toBe(sorted.length);
        const first = closed[0]?.openedAt ?? at(0);
        expect(closed.map((candle) => candle.openedAt)).toEqual(closed.map((_, index) => first + index * 60_000_000));
      }),
    );
  });
});
