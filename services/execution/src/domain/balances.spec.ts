import { describe, expect, it } from '@jest/globals';
import { AccountId, Money } from '@scalpstorm/model';
import { aBalance } from '@scalpstorm/testkit';
import fc from 'fast-check';
import { balanceDifferences, expectedTotals, movedBaseline, totalsOf } from './balances.js';

const account = AccountId.of('demo');
const amounts = fc.dictionary(fc.constantFrom('BTC', 'USDT', 'BNB'), fc.bigInt(-(10n ** 30n), 10n ** 30n));
const totals = amounts.map((written) => new Map(Object.entries(written)));

describe('balances', () => {
  it('count what is locked', () => {
    const balance = aBalance({ free: Money.of('1.5', 'USDT'), locked: Money.of('0.5', 'USDT') });
    expect(totalsOf([balance])).toEqual(new Map([['USDT', 2n * 10n ** 18n]]));
  });

  it('that the baseline and the flow explain are no difference, whatever they are', () => {
    fc.assert(
      fc.property(totals, totals, (venue, flow) => {
        const expected = expectedTotals(movedBaseline(venue, flow), flow);
        expect(balanceDifferences(account, expected, venue, false)).toEqual([]);
      }),
    );
  });

  it.each([true, false])(
    'that differ in the last decimal are told, repaired only where the venue is followed: %s',
    (follows) => {
      const ours = new Map([['USDT', 10n ** 18n]]);
      const theirs = new Map([['USDT', 10n ** 18n + 1n]]);
      expect(balanceDifferences(account, ours, theirs, follows)).toMatchObject([
        { subject: 'USDT', ours: '1', theirs: '1.000000000000000001', repaired: follows },
      ]);
    },
  );

  it('of a currency that only one side has are told', () => {
    const one = new Map([['BNB', 5n]]);
    expect(balanceDifferences(account, one, new Map(), false)).toHaveLength(1);
    expect(balanceDifferences(account, new Map(), one, false)).toHaveLength(1);
    expect(balanceDifferences(account, new Map([['BNB', 0n]]), new Map(), false)).toEqual([]);
  });
});
