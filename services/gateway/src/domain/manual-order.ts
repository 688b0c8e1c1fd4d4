import { second, Timestamp } from '@scalpstorm/kernel';
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
import type { AccountView } from './views.js';

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
