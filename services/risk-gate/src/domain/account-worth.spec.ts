import { expect, it } from '@jest/globals';
import { AccountId, Currency, InstrumentId, Money, Price, VenueId } from '@scalpstorm/model';
import { aBalance } from '@scalpstorm/testkit';
import { AccountWorth } from './account-worth.js';

const usdt = Currency.of('USDT');
const venue = VenueId.of('sim');

/** Counts how often it is walked through. */
class WatchedMarks extends Map<InstrumentId, Price> {
  walks = 0;
  override keys() {
    this.walks += 1;
    return super.keys();
  }
  override [Symbol.iterator]() {
    this.walks += 1;
    return super[Symbol.iterator]();
  }
}

it('what accounts have is worth what the marks of their venue say, which are walked through once for all of them', () => {
  const worth = new AccountWorth();
  const accounts = ['one', 'two', 'three'].map((id) => AccountId.of(id));
  const btc = aBalance({ currency: Currency.of('BTC'), free: Money.of('2', 'BTC'), locked: Money.of('0', 'BTC') });
  for (const id of accounts) worth.note({ id, venue, mode: 'demo' }, [btc]);
  const marks = new WatchedMarks();
  marks.set(InstrumentId.of('sim', 'BTC-USDT'), Price.of('100'));
  marks.set(InstrumentId.of('moon', 'BTC-USDT'), Price.of('900'));
  marks.set(InstrumentId.of('sim', 'BTC-EUR'), Price.of('90'));
  const values = () => accounts.map((id) => worth.valuesOf(id, usdt, marks).get('BTC'));
  expect(values()).toEqual(accounts.map(() => Money.of('200', 'USDT').amount));
  expect(marks.walks).toBe(1);
  marks.set(InstrumentId.of('sim', 'BTC-USDT'), Price.of('50'));
  marks.set(InstrumentId.of('sim', 'ETH-USDT'), Price.of('7'));
  expect(values()).toEqual(accounts.map(() => Money.of('100', 'USDT').amount));
  expect(worth.valuesOf(AccountId.of('one'), usdt, marks).get('ETH')).toBe(0n);
});
