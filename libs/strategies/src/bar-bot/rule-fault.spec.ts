import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { ok, unwrap } from '@scalpstorm/kernel';
import type { JsonObject } from '@scalpstorm/model';
import { type BarStrategy, type ConfiguredBarStrategy, runWithin } from '../bars/bar-strategy.js';
import { told } from '../scene.js';
import { VenueModel } from '../testing.js';
import { barBot } from './bar-bot.js';
import { LiveDesk } from './live-desk.js';
import { barOf, close, configured, nextPlace, obedient, ruleOf, says } from './scene.js';
import { newRule } from './state.js';
import { barBotWithoutRule, isBarBotState } from './without-rule.js';

const sold = 'close sell 0.4995 at market (X000000000, ask 0)';
const usual: JsonObject = { quantity: '0.5' };

/** Does what the volume says, and throws where that is to peek. */
const faulty = (thrown: unknown, changes: Partial<ConfiguredBarStrategy> = {}): BarStrategy => ({
  ...obedient,
  configure(parameters) {
    const read = obedient.configure(parameters);
    if (!read.ok) return read;
    const decider = () => {
      const inner = read.value.decider();
      return {
        ...inner,
        onClose(...[bar, desk]: Parameters<typeof inner.onClose>) {
          if (bar.volume === says.peek) throw thrown;
          inner.onClose(bar, desk);
        },
      };
    };
    return ok({ ...read.value, decider, ...changes });
  },
});

const botOf = (strategy: BarStrategy) => unwrap(barBot(strategy).configure(usual, exampleInstrument()));

const withoutRule = (changes: JsonObject = {}) => {
  const reason = { code: 'WAITS_FOR_STRATEGY', text: 'gone' };
  return unwrap(barBotWithoutRule({ ...usual, ...changes }, exampleInstrument(), reason));
};

/** It runs, knows a market of 100 to 100.01, and is warm. */
function warm(bot = botOf(faulty(new RangeError('no such bar')))): VenueModel {
  const venue = new VenueModel(bot);
  venue.now = barOf(0).openedAt;
  venue.market('100', '100.01');
  venue.command({ kind: 'started' });
  for (const _ of [0, 1, 2]) close(venue);
  return venue;
}

function holding(bot?: Parameters<typeof warm>[0]): VenueModel {
  const venue = warm(bot);
  close(venue, 'enterGuarded');
  venue.fill(1000);
  venue.deliverAll();
  return venue;
}

const milestones = (venue: VenueModel) =>
  venue.effects.flatMap((effect) => (effect.kind === 'reached' ? [`${effect.milestone} ${effect.reason.code}`] : []));

describe('a rule that throws', () => {
  it('ends the bot in error, once, and opens nothing any more', () => {
    const venue = warm();
    expect(told(close(venue, 'peek'))).toContain('ERROR STRATEGY_THREW');
    expect(milestones(venue).filter((said) => said.startsWith('failed'))).toEqual(['failed STRATEGY_THREW']);
    expect(ruleOf(venue).fault?.text).toBe('RangeError: no such bar');
    expect(told(close(venue, 'enter'))).toEqual([]);
    expect(venue.live).toEqual([]);
  });

  it.each([
    [Object.assign(new Error('too long'), { code: 'STRATEGY_LOOPS' }), 'STRATEGY_LOOPS'],
    ['a text', 'STRATEGY_THREW'],
    [null, 'STRATEGY_THREW'],
  ])('is told by its code, whatever it throws: %p', (thrown, code) => {
    const venue = warm(botOf(faulty(thrown)));
    close(venue, 'peek');
    expect(ruleOf(venue).fault?.code).toBe(code);
  });

  it('leaves what is held to the stops that it had set', () => {
    const venue = holding();
    close(venue, 'peek');
    expect(told(venue.market('99', '99.02'))).toEqual(['INFO RULE_STOP', sold]);
  });

  it.each(['stop-asked', 'flatten-asked'] as const)('keeps nobody from its end: %s', (kind) => {
    const venue = holding();
    close(venue, 'peek');
    venue.command(kind === 'stop-asked' ? { kind, reason: 'stop' } : { kind });
    expect(venue.live.map(({ request }) => request.purpose)).toEqual(kind === 'flatten-asked' ? ['close'] : []);
    if (kind === 'stop-asked') expect(milestones(venue)).toContain('stopped STOPPED');
  });

  it('is heard again by a bot that is started again, and not by one that was only edited', () => {
    const venue = warm();
    close(venue, 'peek');
    venue.edit(unwrap(barBot(obedient).configure({ ...usual, warmUp: 1 }, exampleInstrument())));
    expect(told(close(venue, 'enter'))).toEqual([]);
    venue.command({ kind: 'started' });
    expect(told(close(venue, 'enter'))[0]).toContain('open buy');
    expect(ruleOf(venue).fault).toBeUndefined();
  });
});

/** Does what the volume says, and remembers what only its author would. */
const remembers = (snapshot: () => unknown): BarStrategy => ({
  ...obedient,
  configure(parameters) {
    const read = obedient.configure(parameters);
    if (!read.ok) return read;
    return ok({ ...read.value, decider: () => ({ ...read.value.decider(), snapshot: snapshot as () => JsonObject }) });
  },
});

describe('what a rule remembers', () => {
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;

  it.each<[string, unknown]>([
    ['no JSON', { count: 1n }],
    ['a circle', endless],
    ['nothing', undefined],
    ['a list', [1]],
    ['too much', { text: 'x'.repeat(300_000) }],
    ['a text that no database takes', { text: 'a\0b' }],
    ['half a letter', { text: 'a\ud83d' }],
  ])('ends its bot alone where it is %s', (_, snapshot) => {
    const venue = new VenueModel(botOf(remembers(() => snapshot)));
    venue.now = barOf(0).openedAt;
    venue.command({ kind: 'started' });
    close(venue);
    expect(ruleOf(venue)).toMatchObject({ decider: null, fault: { code: 'STRATEGY_THREW' } });
    expect(() => JSON.stringify(venue.state)).not.toThrow();
  });

  it('may have any other text in it, and what its code does with its own copy changes nothing', () => {
    const own = { text: 'a\\u0000 😀 \u00e4', list: [1] };
    const venue = new VenueModel(botOf(remembers(() => own)));
    venue.now = barOf(0).openedAt;
    venue.command({ kind: 'started' });
    close(venue);
    own.list.push(2);
    expect(ruleOf(venue)).toMatchObject({ decider: { text: own.text, list: [1] } });
    expect(ruleOf(venue).fault).toBeUndefined();
  });

  it('and says of its wishes is kept short', () => {
    const desk = new LiveDesk({ held: 1, entryPrice: 1, isEntering: false }, newRule(''));
    desk.open = true;
    desk.exit(`\0${'x'.repeat(1_000)}`);
    expect(desk.wish).toEqual({ kind: 'exit', tag: 'x'.repeat(200) });
  });
});

describe('a rule of other code', () => {
  it('warms up anew: what another code remembered is not given to it', () => {
    const venue = warm(botOf(faulty(null, { code: 'one' })));
    const { mark, heard } = ruleOf(venue);
    venue.edit(botOf(faulty(null, { code: 'other' })));
    close(venue);
    expect(ruleOf(venue).mark).not.toBe(mark);
    expect(ruleOf(venue).heard).toBe(heard + 1);
  });
});

describe('a bot that may not open', () => {
  const withheld = { code: 'WAITS_FOR_CERTIFICATE', text: 'of another version', hears: true };

  it('leaves when its rule wants to, and enters for nobody', () => {
    const venue = holding();
    const bot = botOf(faulty(null));
    venue.edit(bot.withhold?.(withheld) ?? bot);
    expect(told(close(venue, 'exit'))).toContain(sold);
    venue.fill(1000);
    venue.deliverAll();
    expect(told(close(venue, 'enter'))).toContain('reached waits: WAITS_FOR_CERTIFICATE');
    expect(venue.live).toEqual([]);
  });

  it('whose rule is gone keeps its stops and what it had wished, and hears no bar', () => {
    const venue = holding();
    const before = ruleOf(venue);
    venue.edit(withoutRule({ warmUp: 3, other: 'x' }));
    close(venue, 'exit');
    expect(ruleOf(venue)).toMatchObject({ decider: before.decider, last: before.last, stop: before.stop });
    expect(told(venue.market('99', '99.02'))).toEqual(['INFO RULE_STOP', sold]);
    venue.pass(6);
    expect(milestones(venue)).toContain('waits WAITS_FOR_STRATEGY');
    expect(isBarBotState(venue.state)).toBe(true);
  });

  it('goes on as before when its rule is back', () => {
    const venue = warm(unwrap(barBot(obedient).configure(usual, exampleInstrument())));
    venue.edit(withoutRule());
    close(venue, 'enter');
    venue.edit(configured());
    expect(told(close(venue, 'enter'))[0]).toContain('open buy');
    expect(nextPlace(venue)).toBeGreaterThan(0);
  });
});

it('work of a rule is done as its strategy wants it', () => {
  expect(runWithin({}, () => 1)).toBe(1);
  const calls: string[] = [];
  const within = <Value>(work: () => Value) => {
    calls.push('within');
    return work();
  };
  const venue = warm(botOf(faulty(null, { within })));
  close(venue, 'enter');
  expect(calls.length).toBe(4);
});
