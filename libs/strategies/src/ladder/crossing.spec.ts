import { describe, expect, it } from '@jest/globals';
import { grid } from '../grid/grid.js';
import { read } from '../scalping-cycle/amounts.js';
import { book, ladderWorld, rungsOf, trade } from './scene.js';
import type { LadderState } from './state.js';

describe('a rung that sold more than it held', () => {
  it('is made even by one that holds as much, at the price it got, and the exit there is made smaller', () => {
    const venue = ladderWorld(grid, { lower: '96', upper: '104', levels: 5, spacing: 'arithmetic', quantity: '1' });
    venue.command({ kind: 'started' });
    trade(venue, '97.9', '98');
    expect(book(venue)).toEqual(['sell 102', 'sell 100', 'buy 96']);
    const worth = () =>
      rungsOf(venue).reduce((sum, { books }) => {
        const sign = books.poolSide === 'buy' ? 1n : -1n;
        return sum + read(books.gross) - sign * read(books.poolValue);
      }, 0n);
    // As after a restart from before a sale of rung 2 of which nobody had heard: it sold 0.2 more than its 0.999.
    const state = venue.state as LadderState;
    const short = { poolSide: 'sell', poolBase: '0.2', poolValue: '20.4' } as const;
    const rungs = state.rungs.map((rung, index) =>
      index === 2 ? { ...rung, live: null, books: { ...rung.books, ...short } } : rung,
    );
    venue.state = { ...state, rungs };
    const before = worth();
    venue.pass(1);
    expect(worth()).toBe(before);
    expect(rungsOf(venue).map(({ books: { poolBase } }) => poolBase)).toEqual(['0', '0.799', '0', '0']);
    venue.deliverAll();
    // The exit of all that rung 1 held gives way to one of what is left.
    expect(venue.live.some(({ request }) => request.side === 'sell' && request.quantity === 799_000_000_000n)).toBe(
      true,
    );
    expect(venue.effects.filter((effect) => effect.kind === 'log' && effect.code === 'RUNGS_CROSSED')).toHaveLength(1);
  });
});
