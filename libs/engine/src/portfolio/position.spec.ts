import { describe, expect, it } from '@jest/globals';
import { AccountId, Currency, type Fill, Money, Price, Quantity, TradeId } from '@scalpstorm/model';
import fc from 'fast-check';
import { at, btc, exampleBot, exampleFill, exampleInstrument, usdt } from '../testing.js';
import { applyFill, cashOf, emptyPosition } from './position.js';

const instrument = exampleInstrument();
const empty = emptyPosition(
  { accountId: AccountId.of('demo'), botId: exampleBot, instrumentId: instrument.id },
  usdt,
  at(0),
);
const fold = (fills: readonly Fill[]) => fills.reduce((position, fill) => applyFill(position, fill, instrument), empty);

describe('a position', () => {
  it('holds what a buy brought less the fee in base', () => {
    const position = fold([exampleFill({ fee: Money.of('0.001', 'BTC') })]);
    expect(Quantity.format(position.quantity)).toBe('0.999');
    expect(position.cash).toEqual(Money.of('-100', 'USDT'));
    expect(position.fees).toEqual([Money.of('0.001', 'BTC')]);
  });

  it('takes a fee in quote from the cash and a fee in a third currency from neither', () => {
    const position = fold([
      exampleFill({ side: 'sell', fee: Money.of('0.1', 'USDT') }),
      exampleFill({ side: 'sell', tradeId: TradeId.of('t2'), fee: Money.of('0.003', 'BNB') }),
    ]);
    expect(position.cash).toEqual(Money.of('199.9', 'USDT'));
    expect(position.quantity).toBe(Quantity.of('-2'));
    expect(position.fees).toEqual([Money.of('0.1', 'USDT'), Money.of('0.003', 'BNB')]);
  });

  it('counts a base fee finer than a quantity as the next larger quantity', () => {
    const position = fold([exampleFill({ fee: Money.of('0.0000000000000001', 'BTC') })]);
    expect(Quantity.format(position.quantity)).toBe('0.999999999999');
  });

  it('is the sum of its fills, and no digit of cash is lost', () => {
    const anyFill = fc
      .record({
        side: fc.constantFrom('buy', 'sell'),
        cents: fc.bigInt({ min: 1n, max: 10_000_000n }),
        steps: fc.bigInt({ min: 1n, max: 1_000_000n }),
        fee: fc.bigInt({ min: 0n, max: 1_000_000n }),
        currency: fc.constantFrom('BTC', 'USDT', 'BNB'),
      })
      .map(({ side, cents, steps, fee, currency }) =>
        exampleFill({
          side,
          price: Price.fromUnits(cents * 10n ** 10n),
          quantity: Quantity.fromUnits(steps * 10n ** 7n),
          fee: { amount: fee * 10n ** 10n, currency: Currency.of(currency) },
        }),
      );
    fc.assert(
      fc.property(fc.array(anyFill, { maxLength: 50, size: 'max' }), (fills) => {
        // An independent fold in the coarsest units that hold everything: 10^-8 base, 10^-8 quote.
        let base = 0n;
        let quote = 0n;
        for (const { side, price, quantity, fee } of fills) {
          const sign = side === 'buy' ? 1n : -1n;
          const cents = price / 10n ** 10n;
          const steps = quantity / 10n ** 7n;
          base += sign * steps * 1000n;
          quote -= sign * cents * steps * 10n;
          if (fee.currency === btc) base -= fee.amount / 10n ** 10n;
          if (fee.currency === usdt) quote -= fee.amount / 10n ** 10n;
        }
        const position = fold(fills);
        expect(position.quantity).toBe(base * 10n ** 4n);
        expect(position.cash.amount).toBe(quote * 10n ** 10n);
        expect(cashOf(fills, usdt)).toEqual(position.cash);
        expect(position.fills).toBe(fills.length);
      }),
    );
  });
});
