import { describe, expect, it } from '@jest/globals';
import { type HaltDone, haltDoneOf, haltDoneWords } from './halt-done.js';
import { offline, problemOf } from './problem.js';

const remaining: HaltDone['remaining'] = { bots: 0, orders: 0, positions: 0, complete: true, items: [] };
const bot = (verb: 'stop' | 'flatten', code: string | null = null) => ({ bot: 'bot_1', verb, code, text: '' });

describe('what a halt did whose gate did not answer', () => {
  it('is read from the refusal, and is nothing of any other refusal', () => {
    const done = { bots: [bot('stop')], ordersCanceled: 2, remaining };
    expect(haltDoneOf(problemOf(503, { code: 'SERVICE_UNAVAILABLE', ...done }))).toEqual(done);
    expect(haltDoneOf(problemOf(503, { code: 'SERVICE_UNAVAILABLE', remaining }))).toBeNull();
    expect(haltDoneOf(offline())).toBeNull();
  });

  it('is told in words, without the bots that refused', () => {
    const bots = [bot('stop'), bot('stop'), bot('flatten'), bot('stop', 'BOT_BUSY')];
    expect(haltDoneWords({ bots, ordersCanceled: 1, remaining })).toBe(
      '2 bots told to stop, 1 bot told to flatten, 1 order canceled',
    );
    expect(haltDoneWords({ bots: [], ordersCanceled: 0, remaining })).toBe('nothing');
  });
});
