import { describe, expect, it } from '@jest/globals';
import { Timestamp } from '@scalpstorm/kernel';
import { news, told } from '../scene.js';
import type { VenueModel } from '../testing.js';
import { barOf, close, configured, holding, know, ruleOf, warm, world } from './scene.js';

const series = (count: number, from = 0) => Array.from({ length: count }, (_, place) => barOf(from + place));
const sold = 'close sell 0.4995 at market (X000000000, ask 0)';
const exits = (venue: VenueModel) => [...venue.cycles.values()].map(({ exit }) => exit);

describe('an entry of a rule', () => {
  it('is asked for at the close of its bar, at most so far above the middle', () => {
    const venue = warm();
    expect(told(close(venue, 'enter'))).toEqual(['open buy 0.5 at 100.05 (N000000000, ask 0)', 'INFO RULE_ENTRY']);
    expect(venue.live[0]?.request).toMatchObject({ timeInForce: 'IOC', purpose: 'open' });
  });

  it('waits for a market within the slippage, and is over with the next bar', () => {
    const venue = warm({ slippageBps: '1' });
    venue.market('100', '100.5');
    expect(told(close(venue, 'enter'))).toEqual([]);
    expect(told(venue.market('100', '100.01'))[0]).toContain('open buy');
    const other = warm({ slippageBps: '1' });
    other.market('100', '100.5');
    close(other, 'enter');
    close(other);
    expect(told(other.market('100', '100.01'))).toEqual([]);
  });

  it('is over a quarter of a bar after its close', () => {
    const venue = warm({ slippageBps: '1' });
    venue.market('100', '100.5');
    close(venue, 'enter');
    venue.now = Timestamp.plus(venue.now, 15e6 + 1);
    expect(told(venue.market('100', '100.01'))).toEqual([]);
  });

  it('is made once for a bar, also where the position is gone before the next one', () => {
    const venue = holding('enterGuarded');
    expect(told(venue.market('98.9', '98.91'))).toEqual(['INFO RULE_STOP', sold]);
    venue.fill(1000);
    venue.deliverAll();
    venue.market('100', '100.01');
    expect(venue.live).toEqual([]);
    expect(exits(venue)).toEqual(['stop-loss']);
    expect(told(close(venue, 'enter'))[0]).toContain('open buy');
  });

  it('is not asked for again while it is in force', () => {
    const venue = holding();
    expect(told(close(venue, 'enter'))).toEqual([]);
    expect(told(close(venue, 'enter'))).toEqual([]);
  });

  it('is not made while the bot is paused or stopped', () => {
    const venue = warm();
    venue.command({ kind: 'paused' });
    expect(told(close(venue, 'enter'))).toEqual([]);
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    expect(told(close(venue, 'enter'))).toEqual([]);
    expect(venue.live).toEqual([]);
  });
});

describe('an exit of a rule', () => {
  it('closes at the market at the close of its bar', () => {
    const venue = holding();
    expect(told(close(venue, 'exit'))).toEqual(['INFO RULE_EXIT', sold]);
    venue.fill(1000);
    venue.deliverAll();
    expect(exits(venue)).toEqual(['signal']);
    expect(ruleOf(venue).wish).toMatchObject({ kind: 'exit' });
    close(venue);
    expect(ruleOf(venue).wish).toBeNull();
  });

  it('is not taken back by a wish to enter while it is under way', () => {
    const venue = holding();
    close(venue, 'exit');
    expect(told(close(venue, 'enter'))).toEqual([]);
    venue.fill(1000);
    expect(news(venue)).not.toContainEqual(expect.stringContaining('open'));
  });

  it('holds for an entry that is still on its way', () => {
    const venue = warm();
    close(venue, 'enter');
    close(venue, 'exit');
    venue.fill(1000);
    venue.deliverAll();
    venue.market('100', '100.01');
    expect(venue.live.map(({ request: { purpose } }) => purpose)).toEqual(['close']);
  });

  it('is made by a paused bot, too', () => {
    const venue = holding();
    venue.command({ kind: 'paused' });
    expect(told(close(venue, 'exit'))).toContain(sold);
  });
});

describe('a stop and a take-profit of a rule', () => {
  it('work while no bars come', () => {
    const venue = holding('enterGuarded');
    venue.bars = null;
    for (let minutes = 0; minutes < 30; minutes += 1) venue.pass(60);
    expect(told(venue.market('99.01', '99.02'))).toEqual([]);
    expect(told(venue.market('99', '99.02'))).toEqual(['INFO RULE_STOP', sold]);
  });

  it('close where the market rises to it', () => {
    const venue = holding('enterGuarded');
    expect(told(venue.market('101', '101.01'))).toEqual(['INFO RULE_TAKE_PROFIT', sold]);
    venue.fill(1000);
    venue.deliverAll();
    expect(exits(venue)).toEqual(['take-profit']);
  });

  it('are moved by a later bar, and over with the position', () => {
    const venue = holding('enterGuarded');
    close(venue, 'tighten', '99.5');
    expect(told(venue.market('99.5', '99.51'))).toContain('INFO RULE_STOP');
    venue.fill(1000);
    venue.deliverAll();
    close(venue);
    expect(ruleOf(venue)).toMatchObject({ stop: null, takeProfit: null });
    close(venue, 'enter');
    venue.fill(1000);
    venue.deliverAll();
    expect(told(venue.market('99', '99.01'))).toEqual([]);
  });

  it('are kept by a restart and by an edit', () => {
    const venue = holding('enterGuarded');
    venue.save();
    venue.restart();
    venue.edit(configured({ warmUp: 3 }));
    expect(ruleOf(venue)).toMatchObject({ decider: null, stop: 99, takeProfit: 101 });
    expect(told(venue.market('98', '98.01'))).toContain(sold);
  });

  it('go before the percentages of the bot only where they are nearer', () => {
    const venue = holding('enterGuarded', { stopLossPercent: '0.5' });
    expect(told(venue.market('99.4', '99.41'))).toEqual(['WARNING STOP_LOSS', sold]);
  });

  it('trail by the percentage of the bot', () => {
    const venue = holding('enter', { trailingPercent: '1' });
    venue.market('105', '105.01');
    expect(told(venue.market('104', '104.01'))).toEqual([]);
    expect(told(venue.market('103.9', '103.91'))).toEqual(['INFO TRAILING_STOP', sold]);
  });
});

describe('bars', () => {
  it('that were heard change nothing when they are told again, or corrected', () => {
    const venue = warm();
    const { state } = venue;
    venue.hear({ kind: 'bar' });
    venue.bars = (venue.bars ?? []).with(-1, barOf(2, 'enter', '105'));
    expect(told(venue.hear({ kind: 'bar' }))).toEqual([]);
    expect(venue.state).toBe(state);
  });

  it('warm up before anything is entered, from history where there is some', () => {
    const venue = world();
    expect(told(close(venue, 'enter'))).toEqual([]);
    expect(told(close(venue, 'enter'))).toEqual(['INFO WAITS_FOR_BARS', 'reached waits: WAITS_FOR_BARS']);
    expect(told(close(venue, 'enter'))[0]).toContain('open buy');
    const late = world();
    expect(told(know(late, [...series(8), barOf(8, 'enter')]))[0]).toContain('open buy');
    expect(ruleOf(late).heard).toBe(9);
  });

  it('of the history lead to no entry: that time is over', () => {
    const venue = world();
    expect(told(know(venue, [...series(8), barOf(8, 'enterGuarded'), barOf(9)]))).toEqual([]);
    expect(ruleOf(venue)).toMatchObject({ wish: null, stop: null });
  });

  it('that were missed are heard in order: an exit counts, an entry comes too late', () => {
    const held = holding();
    const before = held.bars ?? [];
    expect(told(know(held, [...before, barOf(4, 'exit'), barOf(5)]))).toContain(sold);
    const flat = warm();
    expect(told(know(flat, [...series(3), barOf(3, 'enter'), barOf(4)]))).toEqual([]);
    expect(ruleOf(flat).heard).toBe(5);
  });

  it('that nobody can tell any more make it warm up anew, and it enters only then', () => {
    const venue = warm();
    expect(told(know(venue, [barOf(9, 'enter')]))).toEqual([]);
    expect(ruleOf(venue).heard).toBe(1);
    close(venue, 'enter');
    expect(told(close(venue, 'enter'))[0]).toContain('open buy');
  });

  it('of which there is more history than was heard so far end the warm-up', () => {
    const venue = world({ warmUp: 20 });
    know(venue, [barOf(30)]);
    expect(told(know(venue, [...series(31), barOf(31, 'enter')]))[0]).toContain('open buy');
  });

  it('that come late lead to no entry', () => {
    const venue = warm();
    venue.now = Timestamp.plus(barOf(4).openedAt, 15e6 + 1);
    expect(told(close(venue, 'enter'))).toEqual([]);
  });

  it('of which the news was lost are heard with the next tick', () => {
    const venue = warm();
    venue.bars = [...series(3), barOf(3, 'enter')];
    venue.now = barOf(4).openedAt;
    expect(told(venue.hear({ kind: 'tick' }))[0]).toContain('open buy');
  });

  it('are told no further back than they were heard', () => {
    const venue = holding();
    close(venue, 'peek', '101');
    expect(ruleOf(venue).takeProfit).toBe(100);
    const anew = world({ warmUp: 0 });
    close(anew, 'peek');
    expect(ruleOf(anew).takeProfit).toBeNull();
  });
});

describe('a bot that lacks bars', () => {
  it('says so after a moment, once, and when it goes on', () => {
    const venue = world();
    expect(told(venue.pass(1))).toEqual([]);
    expect(told(venue.pass(5))).toEqual(['INFO WAITS_FOR_BARS', 'reached waits: WAITS_FOR_BARS']);
    expect(told(venue.pass(1))).toEqual(['reached waits: WAITS_FOR_BARS']);
    expect(told(know(venue, series(3)))).toEqual(['reached goes-on: BARS_HEARD']);
    expect(told(venue.pass(1))).toEqual([]);
  });

  it('says nothing when they come at once, and warns when they stay away', () => {
    const venue = world();
    know(venue, series(3));
    expect(told(venue.effects)).toEqual(['reached started: STARTED']);
    for (let seconds = 0; seconds < 75; seconds += 1) expect(told(venue.pass(1))).toEqual([]);
    for (let seconds = 0; seconds < 5; seconds += 1) expect(told(venue.pass(1))).toEqual([]);
    expect(told(venue.pass(1))).toEqual(['WARNING WAITS_FOR_BARS', 'reached waits: WAITS_FOR_BARS']);
  });
});

describe('a restart', () => {
  it('from before the bar leads to the same order', () => {
    const venue = warm();
    venue.save();
    close(venue, 'enter');
    expect(told(venue.restart())).toEqual(['reached started: STARTED', 'reached started: STARTED']);
    expect(told(venue.hear({ kind: 'bar' }))).toEqual([
      'open buy 0.5 at 100.05 (N000000000, ask 0)',
      'INFO RULE_ENTRY',
    ]);
    expect(venue.live).toHaveLength(1);
  });

  it('from before a bar that has come and gone enters it no second time, whatever is heard first', () => {
    for (const newsFirst of [true, false]) {
      const venue = warm();
      venue.save();
      close(venue, 'enterGuarded');
      venue.fill(1000);
      venue.deliverAll();
      venue.market('98', '98.01');
      venue.fill(1000);
      venue.deliverAll();
      venue.market('100', '100.01');
      venue.restart();
      if (newsFirst) venue.deliverAll();
      venue.hear({ kind: 'bar' });
      venue.deliverAll();
      venue.market('100', '100.01');
      expect(venue.live).toEqual([]);
      expect(venue.orders.size).toBe(2);
    }
  });

  it('of a bot that was stopped long begins with what the market says now', () => {
    const venue = holding();
    close(venue, 'exit');
    venue.command({ kind: 'stop-asked', reason: 'stop' });
    venue.deliverAll();
    know(venue, series(12));
    expect(ruleOf(venue).heard).toBe(5);
    venue.command({ kind: 'started' });
    expect(ruleOf(venue)).toMatchObject({ decider: null, wish: null });
    close(venue);
    expect(ruleOf(venue).heard).toBe(13);
    expect(venue.live).toEqual([]);
  });
});
