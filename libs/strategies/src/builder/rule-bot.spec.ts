import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import { Timestamp, unwrap } from '@scalpstorm/kernel';
import { type Candle, type JsonObject, Price, Quantity, timeframeLength } from '@scalpstorm/model';
import type { BarBotState } from '../bar-bot/state.js';
import type { BarColumns } from '../bars/bar-strategy.js';
import { play, walkingBars } from '../kit.js';
import { VenueModel } from '../testing.js';
import { fingerprint } from './fingerprint.js';
import { ruleBot } from './rule-bot.js';
import { file } from './scene.js';
import { strategyOfFile } from './strategy-of-rule.js';

const ruleOf = (venue: VenueModel) => (venue.state as BarBotState).rule;
const minute = timeframeLength['1m'];
const cross = file({
  parameters: { period: { kind: 'integer', title: 'Average', description: 'Bars.', default: 10, min: 2, max: 50 } },
  warmUp: 20,
  enter: {
    is: 'crosses-above',
    left: { bar: 'close' },
    right: { indicator: 'ema', with: { period: { parameter: 'period' } } },
  },
  exit: { is: '<', left: { bar: 'close' }, right: { indicator: 'ema', with: { period: { parameter: 'period' } } } },
  stop: { percent: 2 },
});

const bot = (changes: JsonObject = {}) =>
  ruleBot.configure({ rule: cross, quantity: '0.5', slippageBps: '100', ...changes }, exampleInstrument());

function faultsOf(changes: JsonObject): readonly string[] {
  const read = bot(changes);
  return read.ok ? [] : read.error.map(({ code, field }) => `${code} ${field}`);
}

/** A market whose prices a venue can have. */
function market(): { readonly bars: BarColumns; readonly candles: readonly Candle[] } {
  const bars = walkingBars(11, 220, { from: '2024-01-02T00:00:00Z' });
  for (const column of [bars.open, bars.high, bars.low, bars.close])
    column.set(column.map((price) => Number(price.toFixed(2))));
  bars.volume.set(bars.volume.map((volume) => Number(volume.toFixed(3))));
  const price = (column: Float64Array, bar: number) => Price.of((column[bar] as number).toFixed(2));
  const candles = Array.from(bars.openedAt, (openedAt, bar) => ({
    instrumentId: exampleInstrument().id,
    timeframe: '1m' as const,
    openedAt: Timestamp.fromMicros(openedAt),
    open: price(bars.open, bar),
    high: price(bars.high, bar),
    low: price(bars.low, bar),
    close: price(bars.close, bar),
    volume: Quantity.of((bars.volume[bar] as number).toFixed(3)),
    trades: 1,
    closed: true,
  }));
  return { bars, candles };
}

describe('a rule without code', () => {
  it('wishes live what it wishes in a backtest, bar by bar', () => {
    const { bars, candles } = market();
    const configured = unwrap(unwrap(strategyOfFile(cross)).configure({}));
    const expected = play(configured.decider(), bars, configured);
    const venue = new VenueModel(unwrap(bot()));
    venue.now = candles[0]?.openedAt ?? venue.now;
    venue.market('100', '100.01');
    venue.command({ kind: 'started' });
    const lived: string[] = [];
    for (const [bar, { openedAt, close }] of candles.entries()) {
      venue.bars = candles.slice(0, bar + 1);
      venue.now = Timestamp.fromMicros(openedAt + minute);
      venue.market(Price.format(close), Price.format(close));
      // A restart at any bar changes nothing.
      if (bar % 37 === 5) {
        venue.save();
        venue.restart();
      }
      venue.hear({ kind: 'bar' });
      const { wish, stop } = ruleOf(venue);
      if (wish !== null) lived.push(`${bar} ${wish.kind}${wish.kind === 'enter' ? ` stop ${stop}` : ''}`);
      venue.fill(1000);
      venue.deliverAll();
    }
    const wished = expected
      .filter(({ bar, wish, held }) => bar >= configured.warmUp && (wish === 'enter' ? !held : wish === 'exit' && held))
      .map(({ bar, wish, stop }) => `${bar} ${wish}${wish === 'enter' ? ` stop ${stop}` : ''}`);
    expect(wished.length).toBeGreaterThan(20);
    expect(lived).toEqual(wished);
  });

  it('is taken as an object or as the text of its file', () => {
    expect([faultsOf({}), faultsOf({ rule: JSON.stringify(cross) })]).toEqual([[], []]);
    expect(faultsOf({ ruleParameters: { period: 12 } })).toEqual([]);
    expect(faultsOf({ ruleParameters: '{"period":12}' })).toEqual([]);
  });

  it.each<[JsonObject, readonly string[]]>([
    [{ rule: 'none' }, ['RULE_MALFORMED /rule']],
    [{ rule: null }, ['RULE_MALFORMED /rule']],
    [{ rule: { ...cross, exit: { is: '<', left: { bar: 'clos' }, right: 1 } } }, ['NOT_ALLOWED /rule/exit/left/bar']],
    [
      {
        rule: {
          ...cross,
          parameters: { quantity: { kind: 'flag', title: 'Q', description: 'Q.', default: true } },
          enter: { position: 'flat' },
          exit: { position: 'long' },
        },
      },
      ['NOT_ALLOWED /rule/parameters/quantity'],
    ],
    [{ ruleParameters: { period: 1 } }, ['NOT_ALLOWED /ruleParameters/period']],
    [{ ruleParameters: { quantity: '9' } }, ['UNKNOWN_FIELD /ruleParameters/quantity']],
    [{ ruleParameters: [] }, ['RULE_MALFORMED /ruleParameters']],
    [{ period: 12 }, ['UNKNOWN_FIELD /period']],
    [{ quantity: '0' }, ['QUANTITY_BELOW_MINIMUM /quantity']],
  ])('is refused at the place that is wrong: %j', (changes, faults) => {
    expect(faultsOf(changes)).toEqual(faults);
  });

  it('begins anew when the rule was changed, and not when its fields come in another order', () => {
    const { candles } = market();
    const venue = new VenueModel(unwrap(bot()));
    venue.now = Timestamp.fromMicros((candles[29]?.openedAt ?? 0) + minute);
    venue.market('100', '100.01');
    venue.bars = candles.slice(0, 30);
    venue.command({ kind: 'started' });
    venue.hear({ kind: 'bar' });
    expect(ruleOf(venue).heard).toBe(30);
    venue.edit(unwrap(bot({ rule: Object.fromEntries(Object.entries(cross).toReversed()) })));
    expect(ruleOf(venue).decider).not.toBeNull();
    venue.edit(unwrap(bot({ rule: { ...cross, stop: { percent: 3 } } })));
    expect(ruleOf(venue).decider).toBeNull();
  });
});

describe('the fingerprint of a rule', () => {
  it('is that of FNV-1a, of values in any order', () => {
    expect(fingerprint({ b: 1, a: [true, null] })).toBe(fingerprint({ a: [true, null], b: 1 }));
    expect(fingerprint({ a: [null, true], b: 1 })).not.toBe(fingerprint({ a: [true, null], b: 1 }));
    // Of the two characters {}, reckoned apart.
    expect(fingerprint({})).toBe('08f44b07b5901a25');
  });
});
