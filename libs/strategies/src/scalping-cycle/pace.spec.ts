import { describe, expect, it } from '@jest/globals';
import { type JsonObject, Price } from '@scalpstorm/model';
import { configured, fillAll, holding, news, started, told, world } from '../scene.js';

describe('the pace of the cycles', () => {
  it('rests between two cycles, through a restart too', () => {
    const venue = holding({ coolDownSeconds: 30 });
    expect(fillAll(venue)).toEqual(['SUCCESS ORDER_FILLED', 'cycle 0 net 9.78011', 'SUCCESS CYCLE_COMPLETED']);
    venue.save();
    expect(told(venue.pass(29.9))).toEqual([]);
    expect(told(venue.restart())).toEqual(['reached started: STARTED', 'reached started: STARTED']);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000010000, ask 0)']);
  });

  it('does not rest when the user starts it anew', () => {
    const venue = holding({ coolDownSeconds: 30 });
    fillAll(venue);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    expect(told(venue.command({ kind: 'started' }))).toContain('open buy 1 at 100 (N000010000, ask 0)');
  });

  it('does not wait for an entry for ever when it has a time-out: what was filled is closed', () => {
    const venue = started({ entryTimeoutSeconds: 60 });
    venue.fill(400);
    news(venue);
    expect(told(venue.pass(59.9))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['cancel N000000000: replace']);
    expect(news(venue)).toEqual(['close sell 0.3996 at 110 (X000000000, ask 0)']);
  });

  it('prices an entry anew after a time-out in which nothing filled', () => {
    const venue = started({ entryTimeoutSeconds: 60, buyPrice: { offset: '-100', unit: 'bps', from: 'mid' } });
    expect(told(venue.market('200'))).toEqual(['open buy 1 at 198 (N000000000, ask 0)']);
    venue.accept();
    venue.deliverAll();
    venue.market('300');
    venue.pass(60);
    expect(news(venue)).toEqual(['open buy 1 at 297 (N000000001, ask 0)']);
  });

  it('closes what an entry filled after its cancel, and begins no second one beside it', () => {
    const venue = started({ entryTimeoutSeconds: 60 });
    venue.fill(1000);
    expect(told(venue.pass(60))).toEqual(['cancel N000000000: replace']);
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED', 'close sell 0.999 at 110 (X000000000, ask 0)']);
  });
});

describe('the time in force', () => {
  it('IOC waits for the market and leaves when it is at the price', () => {
    const venue = world({ timeInForce: 'IOC' });
    expect(told(venue.command({ kind: 'started' }))).toEqual(['reached started: STARTED']);
    expect(told(venue.market('99.9', '100.01'))).toEqual([]);
    expect(told(venue.market('99.9', '100'))).toEqual(['open buy 1 at 100 (N000000000, ask 0)']);
    expect(venue.live[0]?.request.timeInForce).toBe('IOC');
    venue.fill(300);
    venue.end('expired');
    expect(news(venue)).toEqual(['SUCCESS ORDER_FILLED', 'INFO VENUE_EXPIRED']);
    expect(told(venue.market('109.99', '110'))).toEqual([]);
    venue.pass(1);
    expect(told(venue.market('110', '110.01'))).toEqual(['close sell 0.2997 at 110 (X000000000, ask 0)']);
  });

  it('PO never takes: where the market is through the price it rests a tick away from it', () => {
    const venue = world({ timeInForce: 'PO' });
    venue.market('97', '98');
    expect(told(venue.command({ kind: 'started' }))).toContain('open buy 1 at 97.99 (N000000000, ask 0)');
    expect(venue.live[0]?.request.timeInForce).toBe('PO');
    venue.market('120', '121');
    expect(fillAll(venue)).toContain('close sell 0.999 at 120.01 (X000000000, ask 0)');
  });

  it('PO that would take after all is tried again, and does not end the bot', () => {
    const venue = started({ timeInForce: 'PO' });
    for (let times = 0; times < 8; times += 1) {
      venue.end('rejected', 'WOULD_TAKE');
      venue.deliverAll();
      venue.pass(31);
    }
    expect(venue.machine.mode).toBe('running');
    expect(venue.live).toHaveLength(1);
  });

  it.each(['IOC', 'FOK'])('does not take the end of an unfilled %s for a cancel by hand', (timeInForce) => {
    const venue = world({ timeInForce });
    venue.command({ kind: 'started' });
    venue.market('99', '100');
    venue.end('canceled');
    expect(news(venue)).toEqual(['INFO VENUE_CANCELED']);
    venue.pass(1);
    expect(told(venue.effects)).toContain('open buy 1 at 100 (N000000001, ask 0)');
  });
});

describe('where a price comes from', () => {
  const priceOf = (buyPrice: JsonObject, set: (venue: ReturnType<typeof world>) => void): string | undefined => {
    const venue = world({ buyPrice });
    set(venue);
    venue.command({ kind: 'started' });
    const price = venue.live[0]?.request.price;
    return price ? Price.format(price) : undefined;
  };

  it('is the volume-weighted price, and the average true range is a unit', () => {
    const offset = { offset: '-1.5', unit: 'atr', from: 'vwap' };
    const both = (venue: ReturnType<typeof world>) => {
      venue.vwap = Price.of('98');
      venue.atr = Price.of('0.4');
    };
    expect(priceOf(offset, both)).toBe('97.4');
    expect(priceOf({ offset: '-10', unit: 'bps', from: 'vwap' }, both)).toBe('97.9');
  });

  it('is waited for, and said once, while it can not be told', () => {
    const venue = world({ buyPrice: { offset: '-1', unit: 'atr', from: 'vwap' } });
    expect(told(venue.command({ kind: 'started' }))).toEqual([
      'reached started: STARTED',
      'INFO WAITS_FOR_PRICE',
      'reached waits: WAITS_FOR_PRICE',
    ]);
    expect(told(venue.market('100'))).toEqual([]);
    venue.vwap = Price.of('100');
    venue.atr = Price.of('1');
    expect(told(venue.market('100'))).toEqual(['reached goes-on: PRICE_KNOWN', 'open buy 1 at 99 (N000000000, ask 0)']);
  });

  it('is measured only for a bot that counts from it', () => {
    const wish = (buyPrice: JsonObject) => configured({ buyPrice, vwapSeconds: 60, atrPeriod: 5 }).measures;
    expect(wish({ fixed: '100' })).toEqual({ vwapWindow: null, atr: null });
    expect(wish({ offset: '-1', unit: 'atr', from: 'mid' })).toEqual({
      vwapWindow: null,
      atr: { period: 5, interval: 60_000_000 },
    });
    expect(wish({ offset: '-1', unit: 'bps', from: 'vwap' })).toEqual({ vwapWindow: 60_000_000, atr: null });
  });
});

describe('an edit of a bot that runs', () => {
  it('replaces an entry that it would not place any more, and never takes its own cancel for one by hand', () => {
    const venue = started();
    expect(told(venue.edit(configured({ buyPrice: { fixed: '99' } })))).toEqual(['cancel N000000000: update']);
    expect(news(venue)).toEqual(['open buy 1 at 99 (N000000001, ask 0)']);
  });

  it('leaves alone what stays the same', () => {
    const venue = started();
    expect(told(venue.edit(configured({ maxCycles: 7, sellPrice: { fixed: '111' } })))).toEqual([]);
    expect(fillAll(venue)).toContain('close sell 0.999 at 111 (X000000000, ask 0)');
  });

  it('replaces an exit, and counts what it had filled', () => {
    const venue = holding();
    venue.fill(500);
    news(venue);
    expect(told(venue.edit(configured({ sellPrice: { fixed: '105' } })))).toEqual(['cancel X000000000: update']);
    expect(news(venue)).toEqual(['close sell 0.4995 at 105 (X000000001, ask 0)']);
  });

  it('is carried out after a restart in which the cancel was lost', () => {
    const venue = started();
    venue.edit(configured({ buyPrice: { fixed: '99' } }));
    venue.save();
    venue.restart();
    expect(news(venue)).toEqual(['open buy 1 at 99 (N000000001, ask 0)']);
  });
});

describe('dust', () => {
  it('is what the venue calls too little to close: it stays for a later exit and is shown', () => {
    const venue = holding();
    venue.fill(999);
    venue.end('expired');
    news(venue);
    const { books } = venue.machine;
    // Worth 0.1, less than the 5 that the venue wants.
    expect(books.poolBase).toBe('0.001');
    expect(told(venue.effects)).toContain('SUCCESS CYCLE_COMPLETED');
  });

  it('is found out when the venue refuses a close as too little, and does not end the bot', () => {
    const venue = holding({ stopLossPercent: '5', quantity: '0.051' });
    venue.market('95');
    news(venue);
    venue.end('rejected', 'NOTIONAL_BELOW_MINIMUM');
    venue.deliverAll();
    expect(told(venue.effects)).toContain('WARNING DUST_KEPT');
    expect(venue.machine.mode).toBe('running');
    // The next exit takes it along.
    const exit = fillAll(venue).find((line) => line.startsWith('close'));
    expect(exit).toBe('close sell 0.10189 at 110 (X000000002, ask 0)');
  });

  it('is tried again by a flatten: what was too little once may be enough now', () => {
    const venue = holding({ stopLossPercent: '5', quantity: '0.051' });
    venue.market('95');
    news(venue);
    venue.end('rejected', 'NOTIONAL_BELOW_MINIMUM');
    news(venue);
    venue.command({ kind: 'flatten-asked' });
    const asked = news(venue);
    expect([...told(venue.effects), ...asked]).toContain('close sell 0.05094 at market (F000000000, ask 0)');
  });

  it('is not told from the market when there is none: what it has cost says enough', () => {
    const venue = holding({ stopLossPercent: '5' });
    venue.market('95');
    news(venue);
    venue.quote = null;
    venue.end('rejected', 'NOTIONAL_BELOW_MINIMUM');
    expect(news(venue)).toContain('ERROR NOTIONAL_BELOW_MINIMUM');
  });

  it('is not what is plainly worth enough, whatever the venue calls it', () => {
    const venue = holding({ stopLossPercent: '5' });
    venue.market('95');
    news(venue);
    venue.end('rejected', 'NOTIONAL_BELOW_MINIMUM');
    expect(news(venue)).toContain('ERROR NOTIONAL_BELOW_MINIMUM');
    expect(told(venue.pass(0.25))).toEqual([expect.stringMatching(/^close sell 0.999 at market/)]);
  });
});
