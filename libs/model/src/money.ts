import { assert, type Brand, type Result } from '@scalpstorm/kernel';
import { type DecimalFault, formatDecimal, parseDecimal } from './decimal.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';

/** An asset or currency code as the venues write it: `USDT`, `BTC`, `INR`. */
export type Currency = Brand<string, 'Currency'>;

/** An amount of one currency; `amount` is an exact count of 10^-18. Different currencies are never summed. */
export interface Money {
  readonly amount: bigint;
  readonly currency: Currency;
}

export const moneyDecimals = 18;
/** Price (10^-12) × quantity (10^-12) gives 10^-24; money keeps 18 decimals of it, and must not lose any. */
const productToMoney = 10n ** 6n;

const currencyPattern = /^[A-Z0-9]{1,20}$/;

export const Currency = {
  of(code: string): Currency {
    assert(currencyPattern.test(code), `not a currency code: ${code}`);
    return code as Currency;
  },
  is: (code: string): boolean => currencyPattern.test(code),
} as const;

export const Money = {
  zero: (currency: Currency): Money => ({ amount: 0n, currency }),
  parse(text: string, currency: Currency): Result<Money, DecimalFault> {
    const parsed = parseDecimal(text, moneyDecimals);
    return parsed.ok ? { ok: true, value: { amount: parsed.value, currency } } : parsed;
  },
  /** For literals and for texts that were validated before; a bad text is a bug here. */
  of(text: string, currency: string): Money {
    const parsed = Money.parse(text, Currency.of(currency));
    assert(parsed.ok, `not an amount of money: ${text}`);
    return parsed.value;
  },
  format: (money: Money): string => formatDecimal(money.amount, moneyDecimals),
  plus(left: Money, right: Money): Money {
    assert(left.currency === right.currency, `summed ${left.currency} and ${right.currency}`);
    return { amount: left.amount + right.amount, currency: left.currency };
  },
  minus: (left: Money, right: Money): Money => Money.plus(left, Money.negate(right)),
  negate: (money: Money): Money => ({ amount: -money.amount, currency: money.currency }),
  compare(left: Money, right: Money): -1 | 0 | 1 {
    assert(left.currency === right.currency, `compared ${left.currency} with ${right.currency}`);
    if (left.amount === right.amount) return 0;
    return left.amount < right.amount ? -1 : 1;
  },
  /** A quantity of an asset, seen as an amount of that asset (spot balances). */
  fromQuantity: (quantity: Quantity, currency: Currency): Money => ({ amount: quantity * productToMoney, currency }),
} as const;

/** Price × quantity, exact. Instruments whose tick and step have more than 18 decimals together are refused when loaded. */
export function notional(price: Price, quantity: Quantity, quote: Currency): Money {
  const product = price * quantity;
  assert(product % productToMoney === 0n, 'price × quantity needs more than 18 decimals');
  return { amount: product / productToMoney, currency: quote };
}
