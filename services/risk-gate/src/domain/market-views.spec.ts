import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { Price } from '@scalpstorm/model';
import { aFeedStatus, anInstrument, aQuote, aTrade } from '@scalpstorm/testkit';
import { MarketViews } from './market-views.js';

const { id } = anInstrument();
const at = (micros: number) => Timestamp.fromMicros(micros);

describe('what the gate knows of a market', () => {
  it('is nothing before the first event', () => {
    expect(new MarketViews().get(id)).toBeNull();
  });

  it('is the newest of quote and trade, aged from when it was heard', () => {
    const views = new MarketViews();
    views.onQuote(aQuote({ occurredAt: at(1) }), at(100));
    views.onTrade(aTrade({ price: Price.of('50001') }), at(200));
    expect(views.get(id)).toEqual({
      feed: 'live',
      bid: Price.of('49999.99'),
      ask: Price.of('50000.01'),
      last: Price.of('50001'),
      occurredAt: 200,
    });
  });

  it('marks by the middle of the book until the first trade, then by trades', () => {
    const views = new MarketViews();
    views.onQuote(aQuote(), at(1));
    expect(views.marks.get(id)).toBe(Price.of('50000'));
    views.onTrade(aTrade({ price: Price.of('50001') }), at(2));
    views.onQuote(aQuote(), at(3));
    expect(views.marks.get(id)).toBe(Price.of('50001'));
  });

  it.each([
    ['live', 300],
    ['stale', 100],
  ] as const)('a status %s leaves the age at %i', (state, occurredAt) => {
    const views = new MarketViews();
    views.onQuote(aQuote(), at(100));
    views.onStatus(aFeedStatus({ state }), at(300));
    expect(views.get(id)).toMatchObject({ feed: state, occurredAt, bid: Price.of('49999.99') });
  });

  it('a quote does not bring a stale feed back to life', () => {
    const views = new MarketViews();
    views.onStatus(aFeedStatus({ state: 'stale' }), at(1));
    views.onQuote(aQuote(), at(2));
    expect(views.get(id)?.feed).toBe('stale');
  });
});
