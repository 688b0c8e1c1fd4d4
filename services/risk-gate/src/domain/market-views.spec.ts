import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Price } from '@scalpstorm/model';
import { aFeedStatus, anInstrument, aQuote, aTrade } from '@scalpstorm/testkit';
import { MarketViews } from './market-views.js';

const { id } = anInstrument();
const at = (micros: number) => Timestamp.fromMicros(micros);
/** Told and heard at the same moment. */
const told = (micros: number) => ({ recordedAt: at(micros), heardAt: at(micros) });

/** A feed that is live, of a venue whose clock is ours. */
function liveViews(since = 1): MarketViews {
  const views = new MarketViews();
  views.onStatus(aFeedStatus({ state: 'live', clockOffset: 0 }), told(since));
  return views;
}

describe('what the gate knows of a market', () => {
  it('is nothing before the first event', () => {
    expect(new MarketViews().get(id)).toBeNull();
  });

  it('is the newest of quote and trade', () => {
    const views = liveViews();
    views.onQuote(aQuote({ occurredAt: at(90) }), told(100));
    views.onTrade(aTrade({ price: Price.of('50001'), occurredAt: at(190) }), told(200));
    expect(views.get(id)).toEqual({
      feed: 'live',
      bid: Price.of('49999.99'),
      ask: Price.of('50000.01'),
      last: Price.of('50001'),
      occurredAt: 190,
    });
  });

  it('marks by the middle of the book until the first trade, then by trades', () => {
    const views = new MarketViews();
    views.onQuote(aQuote(), told(1));
    expect(views.marks.get(id)).toBe(Price.of('50000'));
    views.onQuote(aQuote({ bidPrice: Price.of('50999.99'), askPrice: Price.of('51000.01') }), told(2));
    expect(views.marks.get(id)).toBe(Price.of('51000'));
    views.onTrade(aTrade({ price: Price.of('50001') }), told(2));
    views.onQuote(aQuote(), told(3));
    expect(views.marks.get(id)).toBe(Price.of('50001'));
  });

  it.each([
    ['live', 300],
    ['stale', 100],
  ] as const)('a status %s leaves the age at %i', (state, occurredAt) => {
    const views = new MarketViews();
    views.onQuote(aQuote({ occurredAt: at(100) }), told(100));
    views.onStatus(aFeedStatus({ state }), told(300));
    expect(views.get(id)).toMatchObject({ feed: state, occurredAt, bid: Price.of('49999.99') });
  });

  it('a quote does not bring a stale feed back to life', () => {
    const views = new MarketViews();
    views.onStatus(aFeedStatus({ state: 'stale' }), told(1));
    views.onQuote(aQuote({ occurredAt: at(1) }), told(2));
    expect(views.get(id)?.feed).toBe('stale');
  });
});

describe('a feed of which market-data has not said that it is live', () => {
  it('is not live by its prices, and is with the first word', () => {
    const views = new MarketViews();
    views.onQuote(aQuote({ occurredAt: at(90) }), told(90));
    views.onTrade(aTrade({ occurredAt: at(90) }), told(90));
    expect(views.get(id)?.feed).not.toBe('live');
    views.onStatus(aFeedStatus({ state: 'live', clockOffset: 0 }), told(100));
    expect(views.get(id)).toMatchObject({ feed: 'live', bid: Price.of('49999.99') });
  });
});

describe('a venue whose clock is not known', () => {
  it('makes nothing newer by its trades, whatever time they name', () => {
    const views = new MarketViews();
    views.onStatus(aFeedStatus({ state: 'live', clockOffset: null }), told(100));
    for (const time of [150, 200, 5_000]) views.onTrade(aTrade({ occurredAt: at(time) }), told(200));
    expect(views.get(id)?.occurredAt).toBe(100);
    views.onQuote(aQuote({ occurredAt: at(5_000) }), told(210));
    expect(views.get(id)?.occurredAt).toBe(210);
  });
});

it.each([-4_000, 4_000])('a status has the time of market-data, not that of a venue that is %i off', (clockOffset) => {
  const views = new MarketViews();
  views.onStatus(aFeedStatus({ state: 'live', clockOffset }), told(10_000));
  views.onStatus(aFeedStatus({ state: 'live', clockOffset }), told(20_000));
  expect(views.get(id)?.occurredAt).toBe(20_000);
});

describe('the age of what the gate knows', () => {
  it('of a quote that stands counts from when market-data last told it', () => {
    const views = new MarketViews();
    views.onQuote(aQuote({ occurredAt: at(10) }), told(10));
    views.onQuote(aQuote({ occurredAt: at(10) }), told(500));
    expect(views.get(id)?.occurredAt).toBe(500);
  });

  it('counts the time on the bus', () => {
    const views = new MarketViews();
    views.onQuote(aQuote({ occurredAt: at(10) }), { recordedAt: at(10), heardAt: at(900) });
    expect(views.get(id)?.occurredAt).toBe(10);
    views.onStatus(aFeedStatus({ state: 'live' }), { recordedAt: at(20), heardAt: at(910) });
    expect(views.get(id)?.occurredAt).toBe(20);
  });

  it('of a trade is its own, and an old trade makes no newer quote old', () => {
    const late = liveViews();
    late.onTrade(aTrade({ occurredAt: at(10) }), told(900));
    expect(late.get(id)?.occurredAt).toBe(10);
    late.onQuote(aQuote({ occurredAt: at(890) }), told(900));
    late.onTrade(aTrade({ occurredAt: at(20) }), told(910));
    expect(late.get(id)?.occurredAt).toBe(900);
  });

  it('of the future stays so until something comes that is not', () => {
    const views = liveViews();
    views.onQuote(aQuote({ occurredAt: at(5_000) }), told(100));
    expect(views.get(id)?.occurredAt).toBe(5_000);
    views.onQuote(aQuote({ occurredAt: at(190) }), told(200));
    expect(views.get(id)?.occurredAt).toBe(200);
  });

  it('is by our clock, when that of the venue is known to be ahead', () => {
    const views = new MarketViews();
    views.onStatus(aFeedStatus({ state: 'live', clockOffset: 1_000 }), told(50));
    views.onTrade(aTrade({ occurredAt: at(1_090) }), told(100));
    expect(views.get(id)?.occurredAt).toBe(90);
  });
});
