import { describe, expect, test } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import { BotId, InstrumentId, Price } from '@scalpstorm/model';
import { aFeedStatus, aQuote, aTrade } from '@scalpstorm/testkit';
import { MemoryMarket } from './memory-market.js';

const at = (seconds: number) => Timestamp.fromMicros(1_000 * second + seconds * second);
/** Told and heard at the same moment, or heard later. */
const told = (seconds: number, heard = seconds) => ({ recordedAt: at(seconds), heardAt: at(heard) });
const quote = aQuote({ occurredAt: at(0) });
const trade = aTrade({ occurredAt: at(0) });
const id = quote.instrumentId;
const live = aFeedStatus({ state: 'live' });

function heard(): MemoryMarket {
  const market = new MemoryMarket();
  market.onQuote(quote, told(0));
  market.onTrade(trade, told(0));
  return market;
}

const seen = (market: MemoryMarket, seconds: number) => [market.quote(id, at(seconds)), market.trade(id, at(seconds))];

describe('the market as the bots see it', () => {
  test('is the newest quote and trade', () => {
    expect(seen(heard(), 1)).toEqual([quote, trade]);
    expect(heard().quote(InstrumentId.of('sim', 'ETH-USDT'), at(1))).toBeNull();
  });

  test.each(['stale', 'resyncing', 'disconnected'] as const)('shows nothing while the feed is %s', (state) => {
    const market = heard();
    market.onStatus(aFeedStatus({ state }), told(1));
    expect(seen(market, 1)).toEqual([null, null]);
    expect(market.onQuote(quote, told(2))).toBe(false);
    expect(market.onTrade(trade, told(2))).toBe(false);
    expect(seen(market, 2)).toEqual([null, null]);
    market.onStatus(live, told(3));
    expect(seen(market, 3)).toEqual([null, null]);
    expect(market.onQuote(quote, told(3))).toBe(true);
    expect(seen(market, 3)).toEqual([quote, null]);
  });

  test('a live feed in which no price moves keeps its prices', () => {
    const market = heard();
    for (let seconds = 1; seconds <= 60; seconds += 1) market.onStatus(live, told(seconds));
    expect(seen(market, 61)).toEqual([quote, trade]);
  });

  test('shows nothing when market-data has fallen silent, and nothing of before when it is back', () => {
    const market = heard();
    expect(seen(market, 5)).toEqual([quote, trade]);
    expect(seen(market, 6)).toEqual([null, null]);
    market.onStatus(live, told(20));
    expect(seen(market, 20)).toEqual([null, null]);
    const later = { ...trade, occurredAt: at(21) };
    market.onTrade(later, told(21));
    expect(seen(market, 21)).toEqual([null, later]);
  });

  test('is as old as it was told, however late it is heard', () => {
    const market = new MemoryMarket();
    expect(market.onQuote(quote, told(0, 6))).toBe(false);
    market.onStatus(live, told(0, 6));
    expect(seen(market, 6)).toEqual([null, null]);
    expect(market.onQuote(quote, told(2, 6))).toBe(true);
    expect(seen(market, 7)).toEqual([quote, null]);
    expect(seen(market, 8)).toEqual([null, null]);
  });

  test('a trade is as old as itself, by our clock, and of a quiet market as long as the feed lives', () => {
    const market = new MemoryMarket();
    market.onStatus({ ...live, clockOffset: 10 * second }, told(0));
    expect(market.onTrade({ ...trade, occurredAt: at(14) }, told(10))).toBe(false);
    expect(market.onTrade({ ...trade, occurredAt: at(18) }, told(10))).toBe(true);
    market.onStatus(live, told(12));
    expect(market.trade(id, at(17))?.occurredAt).toBe(at(18));
    expect(market.trade(id, at(18))).toBeNull();
  });

  test('an older price does not come over a newer one, and takes nothing away from it', () => {
    const market = new MemoryMarket();
    const [newer, newest] = [
      { ...quote, occurredAt: at(9) },
      { ...quote, sequence: 2, occurredAt: at(9) },
    ];
    market.onQuote(newer, told(9));
    market.onQuote(newest, told(9));
    market.onTrade({ ...trade, occurredAt: at(9) }, told(9));
    expect(market.onQuote(quote, told(0, 10))).toBe(false);
    expect(market.onQuote(newer, told(9, 10))).toBe(false);
    expect(market.onTrade({ ...trade, occurredAt: at(8) }, told(10))).toBe(false);
    expect(seen(market, 14)).toEqual([newest, { ...trade, occurredAt: at(9) }]);
    expect(seen(market, 15)).toEqual([null, null]);
  });

  test('a clock that was put back, of a venue or ours, blinds nobody for long', () => {
    const market = new MemoryMarket();
    market.onQuote({ ...quote, occurredAt: at(3_600) }, told(0));
    for (let seconds = 1; seconds <= 6; seconds += 1) {
      market.onStatus(live, told(seconds));
      market.onQuote({ ...quote, occurredAt: at(seconds) }, told(seconds));
    }
    expect(market.quote(id, at(6))?.occurredAt).toBe(at(6));
    expect(market.quote(id, at(-600))).toBeNull();
    market.onQuote({ ...quote, occurredAt: at(-600) }, told(-600));
    expect(market.quote(id, at(-600))?.occurredAt).toBe(at(-600));
  });

  test('measures what a bot wants for all that want it, and nothing from prices that may be old', () => {
    const market = heard();
    const wish = { vwapWindow: 60 * second, atr: null };
    const [first, other] = [BotId.of('bot_00000001'), BotId.of('bot_00000002')];
    market.want(first, id, wish);
    market.want(other, id, wish);
    expect(market.measures(id, wish, at(1))).toEqual({ vwap: null, atr: null, prediction: null, bars: null });
    market.onTrade({ ...trade, price: Price.of('100'), occurredAt: at(1) }, told(1));
    market.onTrade({ ...trade, price: Price.of('102'), occurredAt: at(2) }, told(2));
    expect(market.measures(id, wish, at(2)).vwap).toBe(Price.of('101'));
    expect(market.measures(id, wish, at(20)).vwap).toBeNull();
    market.drop(first, id);
    market.onTrade({ ...trade, price: Price.of('104'), occurredAt: at(3) }, told(3));
    expect(market.measures(id, wish, at(3)).vwap).toBe(Price.of('102'));
    market.drop(other, id);
    expect(market.measures(id, wish, at(3)).vwap).toBeNull();
  });

  test('keeps the newest prediction of a model while it is valid, and takes no old or future one', () => {
    const market = heard();
    const wish = { vwapWindow: null, atr: null, model: 'direction' };
    const outlook = { probability: 0.5, winBps: 8, lossBps: 8 };
    const made = (seconds: number, model = 'direction') => ({
      instrumentId: id,
      model,
      version: '1',
      up: outlook,
      down: outlook,
      horizon: 8 * second,
      occurredAt: at(seconds),
      validUntil: at(seconds + 2),
    });
    expect(market.onPrediction(made(1), at(1))).toBe(true);
    expect(market.onPrediction(made(1, 'other'), at(1))).toBe(true);
    expect(market.measures(id, wish, at(2)).prediction).toEqual(made(1));
    expect(market.measures(id, { ...wish, model: undefined }, at(2)).prediction).toBeNull();
    expect(market.onPrediction(made(0), at(2))).toBe(false);
    expect(market.onPrediction(made(5), at(2))).toBe(false);
    expect(market.measures(id, wish, at(3)).prediction).toEqual(made(1));
    expect(market.measures(id, wish, at(4)).prediction).toBeNull();
    expect(market.onPrediction(made(1), at(4))).toBe(false);
    for (let index = 0; index < 100; index += 1) market.onPrediction(made(4, `model-${index}`), at(4));
    expect(market.measures(id, { ...wish, model: 'model-0' }, at(4)).prediction).toBeNull();
    expect(market.measures(id, { ...wish, model: 'model-99' }, at(4)).prediction).not.toBeNull();
  });
});
