import { millisecond, second, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type ClientOrderId,
  InstrumentId,
  type OrderRequest,
  type OrderTerms,
  type Price,
  type TermsFault,
  termsOf,
  type UserId,
} from '@scalpstorm/model';
import { type Problem, problems } from './problem.js';
import type { AccountView, OrderView } from './views.js';

/** Who orders waits a moment; afterwards the market is another one, and an order that nobody expects any more must not leave. */
const waitedForMicros = 10 * second;

/** From here on an order by hand that has no verdict yet gets none but REQUEST_EXPIRED. */
export const validUntilOf = (askedAt: Timestamp): Timestamp => Timestamp.plus(askedAt, waitedForMicros);

/** What somebody orders by hand. Venue and mode are those of the account. */
export interface NewOrder
  extends Pick<OrderRequest, 'side' | 'type' | 'quantity' | 'timeInForce' | 'purpose'>,
    OrderTerms {
  readonly account: string;
  readonly symbol: string;
  /** Of a limit order, and of no other. */
  readonly price?: Price | undefined;
}

export interface Asker {
  readonly userId: UserId;
  readonly clientOrderId: ClientOrderId;
  readonly account: Pick<AccountView, 'venue' | 'mode'>;
}

export function manualOrder(wish: NewOrder, { userId, clientOrderId, account }: Asker): OrderRequest {
  const { side, type, quantity, price, timeInForce, purpose } = wish;
  return {
    clientOrderId,
    userId,
    botId: null,
    accountId: AccountId.of(wish.account),
    mode: account.mode,
    instrumentId: InstrumentId.of(account.venue, wish.symbol),
    side,
    type,
    quantity,
    price: price ?? null,
    timeInForce,
    purpose,
    ...termsOf(wish),
  };
}

export const accountUnknown = (account: string): Problem =>
  problems.invalid([
    {
      pointer: '/account',
      code: 'ACCOUNT_NOT_FOUND',
      detail: `you have no account ${account}.`,
      allowed: 'an id from GET /v1/accounts',
      next: 'Choose one of your accounts.',
    },
  ]);

/** The same words as the gate's, before it is asked. */
export const termsUnfit = ({ field, text, next }: TermsFault): Problem =>
  problems.invalid([{ pointer: field, code: 'TERMS_UNFIT', detail: text, allowed: '', next }]);

/** As long as an Idempotency-Key is kept; afterwards whoever uses it again means something else. */
export const repeatedForMicros = 24 * 60 * 60 * second;

/**
 * Is the order that has the id of a wish already the one that is wished for, said again? Its id follows from the key alone, so a key of
 * another day or of another wish has it, too.
 */
export function isRepeated(known: OrderView, wished: OrderView): boolean {
  const age = Date.parse(wished.createdAt) - Date.parse(known.createdAt);
  if (age * millisecond > repeatedForMicros) return false;
  return termsShown.every((name) => textOf(known[name]) === textOf(wished[name]));
}

/** Stored objects come back with their names in another order. */
const textOf = (value: string | object | null | undefined): string =>
  JSON.stringify(
    value ?? null,
    typeof value === 'object' && value !== null ? Object.keys(value).toSorted() : undefined,
  );

const termsShown = [
  ...(['account', 'venue', 'symbol', 'side', 'type', 'timeInForce', 'purpose', 'quantity', 'price'] as const),
  ...(['trigger', 'expiresAt', 'displayQuantity'] as const),
];

export const keyOfAnotherOrder = (known: OrderView): Problem =>
  problems.idempotencyKeyReused(
    `The key was used for the order ${known.clientOrderId} of ${known.createdAt}; nothing was ordered.`,
  );
