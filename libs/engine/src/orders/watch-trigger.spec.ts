import { describe, expect, it } from '@jest/globals';
import { Price, type Side, type Trigger } from '@scalpstorm/model';
import { watchTrigger } from './watch-trigger.js';

/** What the prices lead to, one after the other: `.` waits, `f` follows a new best, `!` goes off. */
function told(trigger: Trigger, side: Side, prices: readonly number[]): string {
  let best: Price | null = null;
  let story = '';
  for (const price of prices) {
    const next = watchTrigger(trigger, side, Price.of(`${price}`), best);
    story += next.goesOff ? '!' : next.best === best ? '.' : 'f';
    best = next.best;
    if (next.goesOff) break;
  }
  return story;
}

const trailing = (distanceBps: number, activation: string | null = null): Trigger => ({
  kind: 'trailing',
  distanceBps,
  activation: activation === null ? null : Price.of(activation),
  source: 'mid',
});
const at = (kind: 'stop' | 'take-profit'): Trigger => ({ kind, price: Price.of('100'), source: 'mark' });

describe('an emulated trigger', () => {
  it.each<[string, Trigger, Side, readonly number[]]>([
    ['..!', at('stop'), 'sell', [102, 101, 100]],
    ['..!', at('stop'), 'buy', [98, 99, 101]],
    ['.!', at('take-profit'), 'sell', [99, 100]],
    ['.!', at('take-profit'), 'buy', [101, 99]],
    ['ff.!', trailing(100), 'sell', [100, 110, 109, 108.9]],
    ['f.f!', trailing(100), 'buy', [100, 100.5, 90, 90.9]],
    ['.f.!', trailing(100, '105'), 'sell', [104, 105, 104.5, 103.9]],
    ['.f!', trailing(100, '95'), 'buy', [96, 95, 96]],
    // Far through the level at once.
    ['f!', trailing(100), 'sell', [100, 50]],
  ])('says %s', (story, trigger, side, prices) => expect(told(trigger, side, prices)).toBe(story));

  it('goes on after a restart from the best that was kept', () => {
    expect(watchTrigger(trailing(100), 'sell', Price.of('98.9'), Price.of('100'))).toMatchObject({ goesOff: true });
    expect(watchTrigger(trailing(100), 'sell', Price.of('98.9'), null)).toEqual({
      goesOff: false,
      best: Price.of('98.9'),
    });
  });
});
