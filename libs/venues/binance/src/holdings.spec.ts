import { describe, expect, it } from '@jest/globals';
import { type Balance, Currency, Money, Quantity } from '@scalpstorm/model';
import { Holdings } from './holdings.js';

const [btc, eth] = [Currency.of('BTC'), Currency.of('ETH')];
const balance = (currency: Currency, free: string, locked = '0'): Balance => ({
  currency,
  free: Money.of(free, currency),
  locked: Money.of(locked, currency),
});

describe('what the account holds', () => {
  it('is not known before the venue has told it, and then free and locked together', async () => {
    const holdings = new Holdings();
    expect(holdings.of(btc)).toBeNull();
    await holdings.asked(async () => [balance(btc, '1.5', '0.25')]);
    expect(holdings.of(btc)).toBe(Quantity.of('1.75'));
    expect(holdings.of(eth)).toBe(Quantity.zero);
  });

  it('follows the stream, which tells only what has changed', () => {
    const holdings = new Holdings();
    holdings.told([balance(btc, '1')]);
    holdings.told([balance(btc, '2')]);
    expect([holdings.of(btc), holdings.of(eth)]).toEqual([Quantity.of('2'), null]);
  });

  it('does not go back to an answer that an event has overtaken', async () => {
    const holdings = new Holdings();
    await holdings.asked(async () => {
      holdings.told([balance(btc, '3')]);
      return [balance(btc, '1')];
    });
    expect(holdings.of(btc)).toBe(Quantity.of('3'));
    expect(holdings.of(eth)).toBeNull();
  });

  it('is not known any more when the stream was lost', async () => {
    const holdings = new Holdings();
    await holdings.asked(async () => [balance(btc, '1')]);
    holdings.forget();
    expect([holdings.of(btc), holdings.of(eth)]).toEqual([null, null]);
  });
});
