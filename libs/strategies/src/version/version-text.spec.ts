import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import type { JsonObject } from '@scalpstorm/model';
import { barStrategies } from '../bars/bar-strategies.js';
import { type BarDecider, type ConfiguredBarStrategy, type Desk, defineBarStrategy } from '../bars/bar-strategy.js';
import { ruleFormat } from '../builder/rule.js';
import { strategyOfFile } from '../builder/strategy-of-rule.js';
import { strategies } from '../index.js';
import { ruleNamed } from './rule-named.js';
import { syntheticBars } from './synthetic-bars.js';
import { versionText } from './version-text.js';

const rsi = { indicator: 'rsi', with: { period: 14 } };
const file: JsonObject = {
  format: ruleFormat,
  id: 'my-rule',
  title: 'Mine',
  description: 'Buys what has fallen.',
  parameters: {
    limit: { kind: 'integer', title: 'Limit', description: 'Of the RSI.', default: 30, min: 1, max: 99 },
  },
  enter: { left: rsi, is: '<', right: { parameter: 'limit' } },
  exit: { left: rsi, is: '>', right: 70 },
};

function configured(id: string, parameters: JsonObject = {}): ConfiguredBarStrategy {
  const read = barStrategies.get(id)?.configure(parameters);
  if (!read?.ok) throw new Error(`no ${id}`);
  return read.value;
}

function ofCode(onClose: BarDecider['onClose'], warmUp = 1): ConfiguredBarStrategy {
  const strategy = defineBarStrategy({
    id: 'planted',
    title: '',
    description: '',
    source: '',
    parameters: {},
    warmUp: () => warmUp,
    decider: () => ({ onClose, snapshot: () => ({}), restore: () => undefined }),
  });
  const read = strategy.configure({});
  if (!read.ok) throw new Error('unreachable');
  return read.value;
}

const ofBot = (id: string, parameters: JsonObject): ConfiguredBarStrategy | undefined => {
  const read = strategies.get(id)?.configure({ quantity: '0.01', ...parameters }, exampleInstrument());
  if (!read?.ok) throw new Error(JSON.stringify(read?.error));
  return read.value.rule;
};

describe('the market that versions are made over', () => {
  it('is one that could be: no price below the low or above the high, silence and shocks in it', () => {
    const bars = [...syntheticBars(4_000, 60_000_000)];
    for (const { open, high, low, close } of bars) {
      expect(low).toBeLessThanOrEqual(Math.min(open, close));
      expect(high).toBeGreaterThanOrEqual(Math.max(open, close));
      expect(low).toBeGreaterThan(0);
    }
    expect(bars.filter(({ volume }) => volume === 0).length).toBeGreaterThan(200);
    expect(bars.some(({ open }, at) => at > 0 && Math.abs(open / (bars[at - 1]?.close ?? open) - 1) > 0.05)).toBe(true);
  });
});

describe('the version of a rule', () => {
  it.each([...barStrategies.keys()])('%s is the same each time, and there is a market for it', (id) => {
    const text = versionText(configured(id));
    expect(versionText(configured(id))).toBe(text);
    const { words } = JSON.parse(text) as { readonly words: readonly [number, string][] };
    expect(words.filter(([, said]) => said.startsWith('enter')).length).toBeGreaterThan(5);
    expect(words.filter(([, said]) => said.startsWith('exit')).length).toBeGreaterThan(5);
  });

  it('is another one with other parameters', () => {
    expect(versionText(configured('ema-cross', { fast: 10, slow: 30 }))).not.toBe(
      versionText(configured('ema-cross', { fast: 10, slow: 31 })),
    );
  });

  it('is that of the bot that runs it, whatever the size of the bot', () => {
    const parameters = { fast: 10, slow: 30 };
    const small = ofBot('ema-cross', { ...parameters, timeframe: '1m' });
    const large = ofBot('ema-cross', { ...parameters, timeframe: '5m', quantity: '0.05' });
    if (small === undefined || large === undefined) throw new Error('no rule');
    expect(versionText(small)).toBe(versionText(configured('ema-cross', parameters)));
    expect(versionText(large)).toBe(versionText(small));
  });

  it('of a rule without code is that of its file, and another one with every other word in it', () => {
    const read = strategyOfFile(file);
    if (!read.ok) throw new Error(JSON.stringify(read.error));
    const alone = read.value.configure({ limit: 25 });
    if (!alone.ok) throw new Error('unreachable');
    const rule = ofBot('rule', { rule: JSON.stringify(file), ruleParameters: { limit: 25 } });
    if (rule === undefined) throw new Error('no rule');
    expect(versionText(rule)).toBe(versionText(alone.value));
    const named = ruleNamed('rule', { rule: file, ruleParameters: { limit: 25 } });
    expect(named.ok && versionText(named.value)).toBe(versionText(rule));
    // Never true in any market: no wish shows it.
    const never = { left: { bar: 'close' }, is: '<', right: 0 };
    const other = ofBot('rule', {
      rule: { ...file, enter: { any: [file['enter'] ?? null, never] } },
      ruleParameters: { limit: 25 },
    });
    expect(other && versionText(other)).not.toBe(versionText(rule));
  });

  it('is another one with other code of a module, also where it decides the same', () => {
    const same = configured('ema-cross');
    expect(versionText({ ...same, code: 'one' })).not.toBe(versionText({ ...same, code: 'other' }));
    expect(versionText({ ...same, code: 'one' })).not.toBe(versionText(same));
  });

  it('is another one when the same parameters decide otherwise, if only at one bar or by one price', () => {
    const follow = (at: number, share: number) =>
      versionText(
        ofCode((bar, desk: Desk) => {
          if (bar.index === at) desk.exit();
          else if (bar.close > bar.closeAgo(1)) desk.enter();
          if (desk.held > 0) desk.stopAt(bar.close * share);
        }),
      );
    expect(follow(5, 0.99)).toBe(follow(5, 0.99));
    expect(follow(3_900, 0.99)).not.toBe(follow(3_901, 0.99));
    expect(follow(5, 0.99)).not.toBe(follow(5, 0.989));
  });

  it('is another one when it looks at what it holds and decides otherwise by that', () => {
    const after = (profit: number) =>
      versionText(
        ofCode((bar, desk) => {
          if (desk.held === 0) desk.enter();
          else if (bar.close > desk.entryPrice * profit) desk.exit();
        }),
      );
    expect(after(1.01)).not.toBe(after(1.02));
  });

  it.each([
    ['moon', {}, '/strategy'],
    ['ema-cross', { fast: 30, slow: 10 }, '/fast'],
    ['rule', {}, '/rule'],
    ['rule', { rule: file, quantity: '1' }, '/quantity'],
    ['rule', { rule: file, ruleParameters: { limit: 100 } }, '/ruleParameters/limit'],
  ])('is asked of %s with %j in vain: %s is at fault', (id, parameters: JsonObject, field) => {
    const read = ruleNamed(id, parameters);
    expect(read.ok || read.error.map((fault) => fault.field)).toEqual([field]);
  });

  it('can be told of a rule that throws, and one that asks for tomorrow', () => {
    expect(versionText(ofCode((bar) => void bar.closeAgo(-1)))).toContain('AsksForTomorrow');
  });

  it('hangs on no speed: a rule that does not end at some bar has none, and each bar has its own time', () => {
    const loops = Object.assign(new Error('it had not finished'), { code: 'STRATEGY_LOOPS' });
    let bars = 0;
    const rule = ofCode(() => {
      bars += 1;
    });
    const calls = { count: 0, most: Number.POSITIVE_INFINITY };
    const within = <Value>(work: () => Value): Value => {
      calls.count += 1;
      if (calls.count > calls.most) throw loops;
      return work();
    };
    expect(versionText({ ...rule, within })).toBe(versionText(rule));
    // The decider is made, and then hears.
    expect(calls.count).toBe(bars / 2 + 1);
    calls.most = calls.count + 10;
    expect(() => versionText({ ...rule, within })).toThrow(loops);
  });

  it.each([
    ['grid', { lower: '96', upper: '104', levels: 5, spacing: 'arithmetic', quantity: '1' }],
    ['scalping-cycle', { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '101' } }],
  ])('is nothing that %s has: it hears events', (id, parameters) => {
    const read = strategies.get(id)?.configure(parameters, exampleInstrument());
    expect([read?.ok, read?.ok && read.value.rule]).toEqual([true, undefined]);
  });
});
