import type { Timestamp } from '@scalpstorm/kernel';
import type { Fill } from './fill.js';
import type { AccountId, BotId, ClientOrderId, InstrumentId, UserId, VenueOrderId } from './ids.js';
import type { Money } from './money.js';
import type { OrderTerms } from './order-terms.js';
import type { Price } from './price.js';
import type { Quantity } from './quantity.js';
import type { Side } from './side.js';

export const modes = ['backtest', 'demo', 'paper', 'live'] as const;
/** Money of different modes is never summed. */
export type Mode = (typeof modes)[number];

export const orderTypes = ['limit', 'market'] as const;
export type OrderType = (typeof orderTypes)[number];

/** `PO`: post-only, rests like GTC and is refused where it would take. `GTD`: like GTC until the expiry in its terms. */
export const timesInForce = ['GTC', 'IOC', 'FOK', 'PO', 'GTD'] as const;
export type TimeInForce = (typeof timesInForce)[number];

/** Opening orders are denied when in doubt; closing orders are never blocked by a limit. */
export const purposes = ['open', 'close'] as const;
export type Purpose = (typeof purposes)[number];

export const orderStatuses = [
  'initialized',
  'denied',
  'emulated',
  'released',
  'sending',
  'submitted',
  'accepted',
  'triggered',
  'partially-filled',
  'pending-update',
  'pending-cancel',
  'unknown',
  'filled',
  'canceled',
  'rejected',
  'expired',
] as const;
export type OrderStatus = (typeof orderStatuses)[number];

export const finalStatuses: ReadonlySet<OrderStatus> = new Set(['denied', 'filled', 'canceled', 'rejected', 'expired']);
export const isFinal = (status: OrderStatus): boolean => finalStatuses.has(status);

/** What somebody wants to happen at a venue. Immutable: a changed wish is another request with another id. */
export interface OrderRequest extends OrderTerms {
  readonly clientOrderId: ClientOrderId;
  readonly userId: UserId;
  /** Null for a manual order. */
  readonly botId: BotId | null;
  readonly accountId: AccountId;
  readonly mode: Mode;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  readonly type: OrderType;
  readonly quantity: Quantity;
  /** Null for a market order. With a trigger, how it meets the book when that is reached. */
  readonly price: Price | null;
  readonly timeInForce: TimeInForce;
  readonly purpose: Purpose;
}

/** Why we cancel. Durable before the cancel leaves, so that our own cancel is never taken for somebody else's. */
export const cancelReasons = ['stop', 'update', 'delete', 'halt', 'flatten', 'replace', 'manual', 'expiry'] as const;
export type CancelReason = (typeof cancelReasons)[number];

/** A closed code with words for people; `code` never changes its meaning. */
export interface Reason {
  readonly code: string;
  readonly text: string;
}

/** The state of a request after everything that has happened to it; only `engine/orders` makes the next one. */
export interface Order {
  readonly request: OrderRequest;
  readonly status: OrderStatus;
  /** Where to return when a pending cancel or update is refused; null when nothing is pending. */
  readonly statusBefore: OrderStatus | null;
  readonly venueOrderId: VenueOrderId | null;
  readonly filledQuantity: Quantity;
  /** Σ price × quantity of the fills, exact, in the quote currency. */
  readonly filledNotional: Money;
  /** One entry a currency. */
  readonly fees: readonly Money[];
  readonly cancelReason: CancelReason | null;
  readonly reason: Reason | null;
  /** Counts the applied events; a consumer ignores a version that it has already seen. */
  readonly version: number;
  readonly createdAt: Timestamp;
  readonly updatedAt: Timestamp;
}

/** Everything that can happen to an order, in the past tense. */
export type OrderEvent =
  | { readonly kind: 'denied'; readonly reason: Reason }
  /** Its trigger is watched by us; nothing has left. */
  | { readonly kind: 'emulated' }
  | { readonly kind: 'released' }
  /** Durable before the request leaves; the venue refuses it after `expiresAt` (venue time). */
  | { readonly kind: 'sending'; readonly attempt: number; readonly expiresAt: Timestamp }
  | { readonly kind: 'submitted' }
  | { readonly kind: 'accepted'; readonly venueOrderId: VenueOrderId }
  /** What it waited for at the venue has happened: it is in the book there. */
  | { readonly kind: 'triggered' }
  | { readonly kind: 'rejected'; readonly reason: Reason }
  /** We sent it and do not know. Never turned into rejected without proof. */
  | { readonly kind: 'outcome-unknown'; readonly reason: Reason }
  | { readonly kind: 'filled'; readonly fill: Fill }
  | { readonly kind: 'cancel-requested'; readonly cancelReason: CancelReason }
  /** The venue refused for good, and no other cancel of ours may still work: whoever says so has made sure of that. */
  | { readonly kind: 'cancel-rejected'; readonly reason: Reason }
  /** The venue has ended it and counts fills that are not booked yet: it ends here when they are, and not before. */
  | { readonly kind: 'end-held'; readonly reason: Reason }
  | { readonly kind: 'canceled'; readonly reason: Reason }
  | { readonly kind: 'expired'; readonly reason: Reason };

export const orderEventKinds = [
  'denied',
  'emulated',
  'released',
  'sending',
  'submitted',
  'accepted',
  'triggered',
  'rejected',
  'outcome-unknown',
  'filled',
  'cancel-requested',
  'cancel-rejected',
  'end-held',
  'canceled',
  'expired',
] as const satisfies readonly OrderEvent['kind'][];
