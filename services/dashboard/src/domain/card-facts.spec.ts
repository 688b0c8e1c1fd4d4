import { describe, expect, it } from '@jest/globals';
import { askedMax, cardFacts, lastFills, tradedBefore } from './card-facts.js';
import type { Fill } from './rows.js';

describe('the card of a bot', () => {
  it('tells quantity, trailing and loop as they were told to the bot', () => {
    const parameters = { quantity: '1250.50', trailingPercent: '0.5', loop: false };
    expect(cardFacts({ symbol: 'BTC-USDT', parameters })).toEqual({
      quantity: '1,250.50 BTC',
      trailing: '0.5 %',
      loop: 'one cycle',
      leverage: null,
    });
    expect(cardFacts({ symbol: 'BTC-USDT', parameters: { trailingPercent: null } })).toMatchObject({
      quantity: '–',
      trailing: 'off',
      loop: 'endless',
    });
  });

  it('tells a leverage only where there is one', () => {
    const leverageOf = (leverage: unknown) => cardFacts({ symbol: 'A-B', parameters: { leverage } }).leverage;
    expect([1, '1', undefined, null, 3].map(leverageOf)).toEqual([null, null, null, null, '3×']);
  });

  it('shows the newest fill of its own bot', () => {
    const fill = (bot: string | null, occurredAt: string) => ({ bot, occurredAt }) as Fill;
    const newest = lastFills([fill('a', '2'), fill('a', '3'), fill('a', '1'), fill('b', '9'), fill(null, '8')]);
    expect([...newest].map(([bot, { occurredAt }]) => [bot, occurredAt])).toEqual([
      ['a', '3'],
      ['b', '9'],
    ]);
  });

  it('asks for the last fill of a bot that traded before the newest fills of all, of so many and no more', () => {
    const newest = lastFills([{ bot: 'busy', occurredAt: '9' } as Fill]);
    const bots = [
      { id: 'busy', fills: 200 },
      { id: 'slow', fills: 3 },
      { id: 'new', fills: 0 },
    ];
    expect(tradedBefore(bots, newest).map(({ id }) => id)).toEqual(['slow']);
    const many = Array.from({ length: 1_000 }, (_, index) => ({ id: `bot-${index}`, fills: 1 }));
    expect(tradedBefore(many, newest)).toHaveLength(askedMax);
  });
});
