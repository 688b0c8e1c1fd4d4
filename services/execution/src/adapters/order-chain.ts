import type { Timestamp } from '@scalpstorm/kernel';
import type { AccountId, Order } from '@scalpstorm/model';
import { beginningOf, type ChainMark, canonicalJson, canonicalRow, linkedAfter } from '@scalpstorm/store';
import type { AppliedEvent } from '../domain/fold.js';
import { rowFromOrder } from '../domain/order-row.js';

/** An event with its place in the chain of its account. */
export type LinkedEvent = AppliedEvent & ChainMark;

export const orderChainPrefix = 'orders-';
/** The name of an account's chain. */
export const orderChainOf = (accountId: AccountId): string => `${orderChainPrefix}${accountId}`;
/** With whose it is, as every chain is named for its first hash. */
export const orderChainName = (accountId: AccountId): string => `execution/${orderChainOf(accountId)}`;

/** What the chain holds of an event. */
export interface ChainedEvent {
  readonly clientOrderId: string;
  readonly version: number;
  readonly kind: string;
  readonly body: unknown;
  readonly recordedAt: string;
  /** See {@link requestText}. */
  readonly request: string;
}

/** `canonicalJson` of it, but for the request, which is that already. */
export function chainedText({ body, clientOrderId, kind, recordedAt, request, version }: ChainedEvent): string {
  const event = canonicalJson({ body, clientOrderId, kind, recordedAt });
  return `${event.slice(0, -1)},"request":${request},"version":${version}}`;
}

/** The columns of `orders` that the ledger updates; every other one says what was asked for, and stays. */
export const changingColumns: ReadonlySet<string> = new Set([
  'status',
  'status_before',
  'venue_order_id',
  'filled_quantity',
  'filled_notional',
  'fees',
  'cancel_reason',
  'reason_code',
  'reason_text',
  'version',
  'attempt',
  'request_expires_at_us',
  'updated_at_us',
]);

/** What was asked for, in canonical form: it is part of each event of the order, so that nobody changes in its row what it was. */
export const requestText = (row: object): string => canonicalRow(row, changingColumns);

/**
 * Made anew for each event, and never kept by the request: of one whose first writing failed and that is admitted again, the order has
 * another time at which it was made.
 */
const textOfRequest = (order: Order): string =>
  requestText(rowFromOrder({ order, attempt: 0, requestExpiresAt: null }));

/**
 * The newest row of an account's chain, in the memory of its one writer. It moves only when the rows are committed: a batch that
 * was not written is linked anew, and of one of which nobody knows the writer does not live to write the next. The database has the
 * last word: what was linked is written only while the chain ends there where it ends here, see `writeBatches`.
 */
export class OrderChain {
  private newest: ChainMark;

  constructor(accountId: AccountId, newest: ChainMark | null) {
    this.newest = newest ?? beginningOf(orderChainName(accountId));
  }

  get head(): ChainMark {
    return this.newest;
  }

  link(events: readonly AppliedEvent[], recordedAt: Timestamp): readonly LinkedEvent[] {
    const textOf = ({ event, order }: AppliedEvent) =>
      chainedText({
        clientOrderId: order.request.clientOrderId,
        version: order.version,
        kind: event.kind,
        body: event,
        recordedAt: String(recordedAt),
        request: textOfRequest(order),
      });
    return linkedAfter(this.newest, events, textOf);
  }

  committed(links: readonly LinkedEvent[]): void {
    const last = links.at(-1);
    if (last !== undefined) this.newest = { sequence: last.sequence, hash: last.hash };
  }
}
