import { expect, it } from '@jest/globals';
import type { StandingPositionRow } from '@scalpstorm/contracts';
import { booksOf } from './postgres-standing-source.js';

it('the books of many accounts are taken apart with one look at each row', () => {
  let looks = 0;
  const accounts = Array.from({ length: 50 }, (_, index) => `account${index}`);
  const rows = accounts.map((account) => {
    const row = {
      bot_id: '',
      instrument_id: 'sim:BTC-USDT',
      quantity: '1',
      cash: '-500',
      cash_currency: 'USDT',
      fees: [],
      fills: 1,
      updated_at_us: '1',
    };
    Object.defineProperty(row, 'account_id', {
      get: () => {
        looks += 1;
        return account;
      },
    });
    return row as unknown as StandingPositionRow;
  });
  const books = booksOf([], rows);
  expect(books.map(({ accountId, positions }) => [accountId, positions.length])).toEqual(accounts.map((id) => [id, 1]));
  // Once to sort it, and once to read it.
  expect(looks).toBe(2 * accounts.length);
});
