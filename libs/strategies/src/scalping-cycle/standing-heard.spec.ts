import { describe, expect, it } from '@jest/globals';
import { Price } from '@scalpstorm/model';
import { predict, world as signalWorld } from '../model-signal/scene.js';
import { configured, fillAll, holding, news, started, told, world } from '../scene.js';
import type { VenueModel } from '../testing.js';

const far = { buyPrice: { offset: '-10300', unit: 'ticks', from: 'last' } };
const reasonOf = (venue: VenueModel): string | undefined =>
  venue.effects.findLast((effect) => effect.kind === 'reached')?.reason.code;

/** Its entry lies where no order can, which was told. */
function outOfRange(): VenueModel {
  const venue = world(far);
  expect(told(venue.command({ kind: 'started' }))).toContain('reached waits: WAITS_ENTRY_OUT_OF_RANGE');
  return venue;
}

describe('a reason that was told, in whose place one stands that nobody has heard of', () => {
  it('is over, and says so, when what it stood for is there', () => {
    const venue = outOfRange();
    venue.silence();
    expect(told(venue.pass(1))).toEqual([]);
    expect(told(venue.market('150'))).toEqual(['reached goes-on: PRICE_KNOWN', 'open buy 1 at 47 (N000000000, ask 0)']);
  });

  it('is not told again at every breath of the feed', () => {
    const venue = outOfRange();
    for (let breath = 0; breath < 4; breath += 1) {
      venue.silence();
      expect(told(venue.pass(1))).toEqual([]);
      expect(told(venue.market('100'))).toEqual([]);
    }
    expect(reasonOf(venue)).toBe('WAITS_ENTRY_OUT_OF_RANGE');
  });

  it('gives way to what is told after it, and is told again after that', () => {
    const venue = outOfRange();
    venue.silence();
    venue.pass(1);
    expect(told(venue.pass(5))).toEqual(['INFO WAITS_FOR_PRICE', 'reached waits: WAITS_FOR_PRICE']);
    expect(told(venue.market('100'))).toEqual([
      'WARNING WAITS_ENTRY_OUT_OF_RANGE',
      'reached waits: WAITS_ENTRY_OUT_OF_RANGE',
    ]);
  });

  it('is over with an edit, which says so', () => {
    const venue = outOfRange();
    venue.silence();
    venue.pass(1);
    expect(told(venue.edit(configured(far)))[0]).toBe('reached goes-on: EDITED');
  });
});

describe('a stop that stands as too small', () => {
  const partly = { stopLossPercent: '35', entryTimeoutSeconds: 10 };

  /** A little was bought at 100 before the entry's time was over: at 60 the stop is reached, and it is worth 2.7 there. */
  function partlyIn(): VenueModel {
    const venue = started(partly);
    venue.fill(45);
    venue.deliverAll();
    expect(told(venue.market('60', '60.01'))).toContain('reached waits: WAITS_CLOSE_TOO_SMALL');
    return venue;
  }

  it('is over when the bot enters anew, and says so', () => {
    const venue = partlyIn();
    venue.pass(11);
    expect(news(venue)).toEqual(['reached goes-on: PRICE_KNOWN', 'open buy 1 at 100 (N000000001, ask 0)']);
    expect(venue.machine.waits).toBeNull();
  });

  it('silences nothing once there is nothing that it could close', () => {
    const venue = world({ ...partly, buyPrice: { offset: '0', unit: 'bps', from: 'vwap' } });
    venue.vwap = Price.of('100');
    venue.command({ kind: 'started' });
    venue.accept();
    venue.fill(45);
    venue.deliverAll();
    expect(told(venue.market('60', '60.01'))).toContain('reached waits: WAITS_CLOSE_TOO_SMALL');
    venue.vwap = null;
    venue.pass(11);
    expect(news(venue)).toEqual([]);
    const said = [...told(venue.market('60.1', '60.11')), ...told(venue.market('60.2', '60.21'))];
    expect(said).toContain('reached waits: WAITS_FOR_PRICE');
  });

  it('is over when a signal closes what it could not', () => {
    const venue = signalWorld({ quantity: '0.06', stopLossPercent: '30', holdSeconds: 30 });
    predict(venue, 0.8);
    venue.fill(1000);
    venue.deliverAll();
    expect(told(venue.market('60', '60.01'))).toContain('reached waits: WAITS_CLOSE_TOO_SMALL');
    // The market is back, and the signal is the first to see it.
    if (venue.quote) venue.quote = { ...venue.quote, bidPrice: Price.of('90') };
    expect(told(predict(venue, 0.1))).toEqual([
      'INFO OPPOSITE_SIGNAL',
      'reached goes-on: PRICE_KNOWN',
      'close sell 0.05994 at market (X000000000, ask 0)',
      'reached goes-on: MODEL_ANSWERS',
    ]);
  });

  it('is over with what was closed while the feed was away, and does not say that a price is there', () => {
    const venue = holding({ quantity: '0.06', stopLossPercent: '1' });
    venue.market('60', '60.01');
    venue.silence();
    venue.pass(1);
    fillAll(venue);
    const said = venue.effects.findLast((effect) => effect.kind === 'reached' && effect.milestone === 'goes-on');
    expect(said).toMatchObject({ reason: { text: 'There is nothing left to wait for; the bot goes on.' } });
  });
});
