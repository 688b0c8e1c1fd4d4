import { describe, expect, it } from '@jest/globals';
import {
  isNothing,
  type Remaining,
  type RemainingItem,
  remainingWords,
  type Seen,
  stillRemaining,
} from './halt-remains.js';
import type { Bot, Holdings, Order } from './rows.js';

const item = (kind: RemainingItem['kind'], id: string, bot: string | null): RemainingItem => ({
  ...{ kind, id, bot, code: 'SERVICE_UNAVAILABLE', text: 'It was not told.', next: 'Repeat the halt.' },
});
const left: Remaining = {
  ...{ bots: 1, orders: 1, positions: 2, complete: true },
  items: [
    item('position', 'demo:sim:BTC-USDT', 'bot_a'),
    item('position', 'demo:sim:ETH-USDT', null),
    item('order', 'order1', 'bot_a'),
    item('bot', 'bot_a', 'bot_a'),
  ],
};
const nothingSeen: Seen = { scope: 'mine', bots: undefined, orders: undefined, accounts: undefined };
const bot = (observed: Bot['observed'], held: string) => [{ id: 'bot_a', observed, held } as Bot];
const order = (final: boolean) => [{ clientOrderId: 'order1', final } as Order];
const account = (quantity: string) =>
  [{ id: 'demo', positions: [{ venue: 'sim', symbol: 'ETH-USDT', bot: null, quantity }] }] as unknown as Holdings[];

describe('what a halt has left', () => {
  it('stays while nothing of it is told', () => {
    expect(stillRemaining(left, nothingSeen)).toBe(left);
    expect(stillRemaining(left, { scope: 'mine', bots: [], orders: [], accounts: [] })).toBe(left);
    expect(remainingWords(left)).toBe('2 positions, 1 order and 1 bot');
  });

  it('stays while it is seen to be there', () => {
    const seen: Seen = {
      scope: 'mine',
      bots: bot('running', '0.002'),
      orders: order(false),
      accounts: account('0.05'),
    };
    expect(stillRemaining(left, seen)).toBe(left);
  });

  it('becomes less with each thing that is seen to be gone, and then nothing', () => {
    const some = stillRemaining(left, { ...nothingSeen, bots: bot('stopped', '0.002'), orders: order(true) });
    expect(some).toMatchObject({ bots: 0, orders: 0, positions: 2 });
    expect(remainingWords(some)).toBe('2 positions');
    const none = stillRemaining(some, { ...nothingSeen, bots: bot('stopped', '0'), accounts: account('0') });
    expect(none.items).toEqual([]);
    expect(isNothing(none)).toBe(true);
  });

  it('stays where the position of nobody here may be that of somebody else', () => {
    const seen: Seen = { ...nothingSeen, bots: bot('running', '0.002'), accounts: account('0') };
    expect(stillRemaining(left, seen)).toMatchObject({ positions: 1 });
    expect(stillRemaining(left, { ...seen, scope: 'platform' })).toBe(left);
  });

  it('is never nothing when time ran out, whatever is seen', () => {
    const unread = { bots: 0, orders: 0, positions: 0, complete: false, items: [] };
    expect(isNothing(unread)).toBe(false);
    expect(remainingWords(unread)).toBe('not everything was reached in time');
    expect(remainingWords({ ...left, complete: false })).toBe('at least 2 positions, 1 order and 1 bot');
  });
});
