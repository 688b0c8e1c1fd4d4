import { describe, expect, it } from '@jest/globals';
import { Price } from '@scalpstorm/model';
import { configured, fillAll, holding, news, started, told, world } from '../scene.js';

describe('news of an exit that comes before that of its entry, as after a death', () => {
  const near = { sellPrice: { fixed: '101' } };

  it.each([
    ['stop-loss', { stopLossPercent: '1', afterStopLoss: 'stop', ...near }],
    ['trailing stop', { trailingPercent: '1', ...near }],
  ])('is no position, and no %s acts on it', (_name, parameters) => {
    const venue = started(parameters);
    venue.save();
    venue.fill(1000);
    venue.deliverAll();
    // An exit that trails leaves at the market.
    venue.market('101');
    venue.market('99.9');
    news(venue);
    venue.fill(1000);
    venue.restart();
    expect(told(venue.deliverLeg('exit'))).toContain('WARNING LATE_FILL');
    expect(venue.machine.books.poolSide).toBe('sell');
    expect(told(venue.market('103', '103.01'))).toEqual([]);
    expect(news(venue)).toContain('open buy 1 at 100 (N000010000, ask 0)');
    expect([venue.machine.mode, venue.machine.books.poolBase]).toEqual(['running', '0']);
  });

  it('is no position either where the entry itself was forgotten: nothing is ordered for it', () => {
    const venue = world({ stopLossPercent: '1', ...near });
    venue.save();
    venue.command({ kind: 'started' });
    venue.accept();
    venue.deliverAll();
    venue.fill(1000);
    venue.deliverAll();
    venue.fill(1000);
    venue.restart();
    venue.deliverLeg('exit');
    expect(told(venue.market('103', '103.01'))).toEqual([]);
    expect(venue.live).toEqual([]);
    expect(news(venue)).toContain('SUCCESS CYCLE_COMPLETED');
  });
});

describe('a cancel by hand that is heard after the bot itself wished to cancel', () => {
  it('stops it, though its entry had timed out meanwhile', () => {
    const venue = started({ entryTimeoutSeconds: 5 });
    venue.save();
    venue.end('canceled');
    venue.pass(6);
    venue.restart();
    expect(news(venue)).toEqual(['WARNING ORDER_CANCELED_AT_VENUE', 'reached auto-stopped: ORDER_CANCELED_AT_VENUE']);
    expect(venue.machine.mode).toBe('stopped');
  });

  it('stops it, though it was edited meanwhile', () => {
    const venue = holding({ stopLossPercent: '5' });
    venue.end('canceled');
    const dearer = configured({ stopLossPercent: '5', sellPrice: { fixed: '112' } });
    expect(told(venue.edit(dearer))).toEqual(['cancel X000000000: update']);
    expect(news(venue)).toContain('reached auto-stopped: ORDER_CANCELED_AT_VENUE');
  });

  it('keeps no flatten from closing', () => {
    const venue = holding();
    venue.end('canceled');
    venue.command({ kind: 'flatten-asked' });
    expect(news(venue)).toContain('close sell 0.999 at market (F000000000, ask 0)');
    expect(venue.machine.mode).toBe('flattening');
  });

  it('makes a flatten try again, not at once, when its own order is the one', () => {
    const venue = holding();
    venue.command({ kind: 'flatten-asked' });
    venue.deliverAll();
    for (const pause of [0.25, 0.5, 1]) {
      const asked = venue.orders.size;
      venue.end('canceled');
      venue.deliverAll();
      expect(venue.orders.size).toBe(asked);
      venue.pass(pause);
      expect(venue.orders.size).toBe(asked + 1);
      venue.deliverAll();
    }
  });

  it('is not seen in a cancel of our own', () => {
    const venue = started({ entryTimeoutSeconds: 5 });
    venue.pass(6);
    expect(news(venue)).toEqual(['open buy 1 at 100 (N000000001, ask 0)']);
    expect(venue.machine.mode).toBe('running');
    expect(venue.live[0]?.request.price).toBe(Price.of('100'));
  });
});

describe('an exit that sold more than was bought', () => {
  it('is bought back: its entry was heard to its end', () => {
    const venue = holding();
    venue.end('canceled', 'VENUE_NOT_FOUND');
    venue.deliverAll();
    venue.pass(1);
    venue.fill(500);
    venue.deliverAll();
    venue.fillLate('X000000000', 999);
    expect(news(venue)).toContain('WARNING LATE_FILL');
    expect(venue.machine.books.poolSide).toBe('sell');
    venue.pass(31);
    venue.deliverAll();
    expect(told(venue.effects).filter((line) => line.startsWith('close buy'))).not.toEqual([]);
  });
});

describe('an exit of which the request was lost', () => {
  const flattenedInVain = () => {
    const venue = holding();
    venue.loseNext = true;
    venue.end('expired');
    venue.deliverAll();
    venue.pass(1);
    venue.command({ kind: 'flatten-asked' });
    return venue;
  };

  it('holds up no flatten for ever, though it is never heard of', () => {
    const venue = flattenedInVain();
    for (let waited = 0; waited < 120; waited += 5) venue.pass(5);
    expect(told(venue.effects)).toContain('WARNING ORDER_UNANSWERED');
    expect(told(venue.effects)).toContain('close sell 0.999 at market (F000000000, ask 0)');
    expect(fillAll(venue)).toContain('reached stopped: FLATTENED');
  });

  it('is asked for again by whoever flattens: its answer makes room for the close', () => {
    const venue = flattenedInVain();
    venue.find();
    expect(told(venue.pass(5))).toEqual(['close sell 0.999 at 110 (X000000001, ask 1)', 'cancel X000000001: flatten']);
    expect(news(venue)).toContain('close sell 0.999 at market (F000000000, ask 0)');
    expect(fillAll(venue)).toContain('reached stopped: FLATTENED');
  });
});

describe('an order that is over at the venue, while its fills are not told', () => {
  it('is waited for without a word to the venue, and says so when it lasts', () => {
    const venue = started();
    venue.holdEnd();
    expect(news(venue)).toEqual([]);
    expect(told(venue.command({ kind: 'flatten-asked' }))).toEqual([]);
    expect(told(venue.pass(4))).toEqual([]);
    expect(told(venue.pass(2))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
    expect(told(venue.pass(60))).toEqual([]);
    venue.fill(400);
    venue.end('canceled');
    expect(news(venue)).toContain('close sell 0.3996 at market (F000000000, ask 0)');
  });

  it('is told of a bot that runs, too', () => {
    const venue = started();
    venue.holdEnd();
    venue.deliverAll();
    expect(told(venue.pass(6))).toEqual(['WARNING WAITS_FOR_FILLS', 'reached waits: WAITS_FOR_FILLS']);
  });
});
