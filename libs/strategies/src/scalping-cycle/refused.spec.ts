import { describe, expect, it } from '@jest/globals';
import { configured, fillAll, holding, news, started, told, world } from '../scene.js';

describe('a bot whose orders are refused', () => {
  it('asks at once for what was denied while trading was halted', () => {
    const venue = world();
    venue.denyNext = 'TRADING_HALTED';
    venue.command({ kind: 'started' });
    news(venue);
    expect(told(venue.hear({ kind: 'released' }))).toEqual(['open buy 1 at 100 (N000000001, ask 0)']);
  });

  it('that is started during a halt says so at the first denial, and that it is over when an entry is taken', () => {
    const venue = world();
    venue.denyNext = 'TRADING_HALTED';
    venue.command({ kind: 'started' });
    expect(news(venue)).toEqual(['WARNING TRADING_HALTED', 'reached halted: TRADING_HALTED']);
    venue.pass(0.3);
    venue.accept();
    venue.deliverAll();
    expect(told(venue.effects)).toContain('reached released: TRADING_RELEASED');
  });

  it('does not take an exit that the gate lets through for the end of a halt', () => {
    const venue = started();
    venue.denyNext = 'EXCEEDS_POSITION';
    fillAll(venue);
    venue.pass(0.3);
    venue.accept();
    venue.deliverAll();
    expect(told(venue.effects)).toContain('reached goes-on: ORDER_ACCEPTED');
    expect(told(venue.effects)).not.toContain('reached released: TRADING_RELEASED');
  });

  it('stands still for all to see from the second refusal on, until one is taken', () => {
    const venue = world();
    venue.denyNext = 'SELF_TRADE';
    venue.command({ kind: 'started' });
    expect(news(venue)).toEqual(['WARNING SELF_TRADE']);
    venue.denyNext = 'SELF_TRADE';
    venue.pass(0.3);
    expect(news(venue)).toEqual(['WARNING SELF_TRADE', 'reached waits: WAITS_ORDER_REFUSED']);
    venue.pass(1);
    venue.fill(400);
    expect(news(venue)).toContain('reached goes-on: ORDER_ACCEPTED');
  });
});

describe('a bot whose cancel was refused', () => {
  it('takes a later cancel for the hand of somebody else, and stops', () => {
    const venue = started();
    venue.refusesCancels = true;
    expect(told(venue.command({ kind: 'paused' }))).toContain('cancel N000000000: stop');
    venue.deliverAll();
    venue.command({ kind: 'resumed' });
    venue.end('canceled');
    expect(news(venue)).toContain('reached auto-stopped: ORDER_CANCELED_AT_VENUE');
  });

  it('still takes its own cancel for its own while nothing was heard of it', () => {
    const venue = started();
    venue.command({ kind: 'paused' });
    expect(news(venue)).toContain('reached paused: PAUSED');
  });
});

describe('an edit to a bound that is reached already', () => {
  const done = 'reached finished: MAX_CYCLES_REACHED';

  it('ends the bot between two cycles', () => {
    const venue = holding({ coolDownSeconds: 30 });
    fillAll(venue);
    expect(told(venue.edit(configured({ coolDownSeconds: 30, maxCycles: 1 })))).toEqual([done]);
    expect(told(venue.pass(60))).toEqual([]);
  });

  it('withdraws an entry that has filled nothing, and ends the bot', () => {
    const venue = holding();
    fillAll(venue);
    venue.accept();
    venue.deliverAll();
    expect(told(venue.edit(configured({ loop: false })))).toEqual(['cancel N000010000: update']);
    expect(news(venue)).toEqual(['reached finished: CYCLE_DONE']);
  });

  it('lets a cycle that has begun go to its end', () => {
    const venue = holding();
    fillAll(venue);
    venue.fill(400);
    venue.deliverAll();
    expect(told(venue.edit(configured({ maxCycles: 1 })))).toEqual([]);
    fillAll(venue);
    fillAll(venue);
    expect(told(venue.effects).at(-1)).toBe(done);
    expect(venue.live).toEqual([]);
  });

  it('and loop: false during the first cycle changes nothing before it is done', () => {
    const venue = started();
    expect(told(venue.edit(configured({ loop: false })))).toEqual([]);
    expect(venue.live).toHaveLength(1);
  });
});

describe('an edit of the cool-down', () => {
  it.each([
    [10, 9.9],
    [60, 29.9],
  ])('to %s s ends the rest of 30 s in time', (coolDownSeconds, silent) => {
    const venue = holding({ coolDownSeconds: 30 });
    fillAll(venue);
    venue.edit(configured({ coolDownSeconds }));
    expect(told(venue.pass(silent))).toEqual([]);
    expect(told(venue.pass(0.1))).toEqual(['open buy 1 at 100 (N000010000, ask 0)']);
  });

  it('to none ends it at once', () => {
    const venue = holding({ coolDownSeconds: 30 });
    fillAll(venue);
    expect(told(venue.edit(configured({})))).toEqual(['open buy 1 at 100 (N000010000, ask 0)']);
  });
});
