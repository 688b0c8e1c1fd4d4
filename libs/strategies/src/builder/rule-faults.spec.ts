import { describe, expect, it } from '@jest/globals';
import type { Json, JsonObject } from '@scalpstorm/model';
import { always, file } from './scene.js';
import { strategyOfFile } from './strategy-of-rule.js';

function faultsOf(changes: JsonObject): readonly string[] {
  const read = strategyOfFile(file(changes));
  return read.ok
    ? []
    : read.error.map(({ code, field, text, allowed, next }) => `${code} ${field} ${text} [${allowed}] ${next}`);
}

describe('a file that is wrong', () => {
  it.each<[JsonObject, string]>([
    [{ format: 2 }, 'RULE_FORMAT_UNKNOWN /format 2 stands here. [1]'],
    [{ id: 'My Rule' }, 'NOT_ALLOWED /id "My Rule" is no id.'],
    [{ entry: always }, 'UNKNOWN_FIELD /entry There is no entry here. [format, id'],
    [{ title: '' }, 'RULE_MALFORMED /title'],
    [{ enter: { alll: [] } }, 'Did you mean all?'],
    [{ enter: { all: [] } }, 'RULE_MALFORMED /enter/all The list has 0 entries.'],
    [
      { enter: { all: [always, { any: [{ is: '=', left: 1, right: 2 }] }] } },
      'NOT_ALLOWED /enter/all/1/any/0/is "=" stands here. [one of <, <=, ',
    ],
    [{ enter: { is: 'cross-above', left: 1, right: 2 } }, 'Did you mean crosses-above?'],
    [{ enter: { is: '<', left: 1 } }, 'RULE_MALFORMED /enter/right right is missing.'],
    [{ enter: { is: 'within', value: 1, low: 0 } }, 'RULE_MALFORMED /enter/high high is missing.'],
    [{ enter: { is: '<', left: 'close', right: 1 } }, 'RULE_MALFORMED /enter/left "close" is no value. [a number, or'],
    [
      { enter: { is: '<', left: { bar: 'closed' }, right: 1 } },
      'NOT_ALLOWED /enter/left/bar "closed" stands here. [one of open, high, low, close, volume] Did you mean close?',
    ],
    [
      { enter: { is: '<', left: { bar: 'close', ago: -1 }, right: 1 } },
      'NOT_ALLOWED /enter/left/ago -1 bars ago is not known.',
    ],
    [{ enter: { is: '<', left: { bar: 'close', ago: 1e6 }, right: 1 } }, 'a whole number from 0 to 1000'],
    [{ enter: { is: '<', left: { bar: 'close', before: 1 }, right: 1 } }, 'UNKNOWN_FIELD /enter/left/before'],
    [
      { enter: { is: '<', left: { indicator: 'emma' }, right: 1 } },
      'NOT_ALLOWED /enter/left/indicator "emma" stands here.',
    ],
    [{ enter: { is: '<', left: { indicator: 'order-flow-imbalance' }, right: 1 } }, '/enter/left/indicator'],
    [
      { enter: { is: '<', left: { indicator: 'ema', with: { priod: 3 } }, right: 1 } },
      'UNKNOWN_FIELD /enter/left/with/priod There is no priod here. [period, seed] Did you mean period?',
    ],
    [
      { enter: { is: '<', left: { indicator: 'ema', with: { period: 0 } }, right: 1 } },
      'NOT_ALLOWED /enter/left/with/period',
    ],
    [
      { enter: { is: '<', left: { indicator: 'ema', with: { seed: 'last' } }, right: 1 } },
      'NOT_ALLOWED /enter/left/with/seed "last" stands here. [one of first, sma]',
    ],
    [{ enter: { is: '<', left: { indicator: 'macd', output: 'histogramm' }, right: 1 } }, 'Did you mean histogram?'],
    [
      { enter: { is: '<', left: { indicator: 'atr', of: 'open' }, right: 1 } },
      'NOT_ALLOWED /enter/left/of atr looks at high, low, close.',
    ],
    [
      { enter: { is: '<', left: { parameter: 'fast' }, right: 1 } },
      'UNKNOWN_PARAMETER /enter/left/parameter "fast" is not declared.',
    ],
    [{ enter: { is: '<', left: { add: [1, 2, 3] }, right: 1 } }, 'RULE_MALFORMED /enter/left/add It has 3 values.'],
    [
      { enter: { is: 'crosses-above', left: { position: 'bars-held' }, right: 1 } },
      'NOT_ALLOWED /enter/left What the position was',
    ],
    [{ enter: { position: 'short' } }, 'NOT_ALLOWED /enter/position "short" stands here. [one of long, flat]'],
    [{ enter: { time: {} } }, 'RULE_MALFORMED /enter/time It names no time.'],
    [{ enter: { time: { from: '25:00' } } }, 'NOT_ALLOWED /enter/time/from "25:00" is no time.'],
    [
      { enter: { time: { weekdays: ['mo'] } } },
      'NOT_ALLOWED /enter/time/weekdays/0 "mo" stands here. [one of sun, mon,',
    ],
    [{ stop: { percent: 3, price: 2 } }, 'RULE_MALFORMED /stop It names not one distance.'],
    [
      { stop: { percent: { bar: 'close' } } },
      'NOT_ALLOWED /stop/percent A value of bar is not known before the first bar.',
    ],
    [{ warmUp: 1.5 }, 'NOT_ALLOWED /warmUp The warm-up comes to 1.5 bars.'],
    [{ parameters: { fast: { kind: 'integer' } } }, 'STRATEGY_MALFORMED /parameters/fast/title title is missing.'],
    [
      {
        parameters: { fast: { kind: 'integer', title: 'Fast', description: 'Bars.', default: 0, min: 0, max: 9 } },
        enter: { is: '<', left: { indicator: 'ema', with: { period: { parameter: 'fast' } } }, right: 1 },
      },
      'NOT_ALLOWED /parameters/fast/default ema at /enter/left: period must be',
    ],
    [{ stop: { percent: -3 } }, 'NOT_ALLOWED /stop/percent -3 percent protect nothing.'],
    [{ stop: { percent: 100 } }, 'NOT_ALLOWED /stop/percent 100 percent protect nothing.'],
    [{ takeProfit: { percent: { divide: [1, 0] } } }, 'NOT_ALLOWED /takeProfit/percent NaN percent'],
    [
      {
        parameters: { wide: { kind: 'number', title: 'Stop', description: '%', default: -1, min: -5, max: 5 } },
        stop: { percent: { parameter: 'wide' } },
      },
      'NOT_ALLOWED /parameters/wide/default -1 percent protect nothing.',
    ],
  ])('is told at its node: %j', (changes, text) => {
    expect(faultsOf(changes).join('\n')).toContain(text);
  });

  it('is told all at once', () => {
    expect(
      faultsOf({
        id: '',
        enter: { is: '<', left: { bar: 'x' }, right: { bar: 'y' } },
        exit: { any: [{}, 3] },
        stop: 1,
      }),
    ).toHaveLength(6);
  });

  it('is bounded in depth and in size', () => {
    let deep: Json = always;
    for (let level = 0; level < 30; level += 1) deep = { not: deep };
    expect(faultsOf({ enter: deep })[0]).toContain('RULE_TOO_LARGE /enter/not');
    const wide = { all: Array(40).fill({ all: Array(40).fill(always) }) };
    expect(faultsOf({ enter: wide })).toEqual([expect.stringContaining('RULE_TOO_LARGE  It has more than 400')]);
  });
});
