import { BrokenInvariant, type Timestamp } from '@scalpstorm/kernel';
import type {
  Balance,
  ClientOrderId,
  FeeRates,
  Fill,
  FilterViolation,
  InstrumentId,
  OrderRequest,
  OrderType,
  Price,
  Quantity,
  Reason,
  Side,
  TimeInForce,
  TradeId,
  Trigger,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { CircuitState } from './circuit.js';
import type { ClockOffset } from './clock-offset.js';

export const venueOrderStatuses = ['open', 'partially-filled', 'filled', 'canceled', 'rejected', 'expired'] as const;
export type VenueOrderStatus = (typeof venueOrderStatuses)[number];

/** An order as the venue tells it, ours or not. */
export interface VenueOrderView {
  /** As the venue has it; an order that was placed elsewhere may not fit `ClientOrderId`. */
  readonly clientOrderId: string;
  readonly venueOrderId: VenueOrderId;
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  /** Null for a type that we never send. */
  readonly type: OrderType | null;
  /** Null for a market order. */
  readonly price: Price | null;
  readonly quantity: Quantity;
  readonly filledQuantity: Quantity;
  readonly status: VenueOrderStatus;
  readonly updatedAt: Timestamp;
  /** What it waits for, or waited; absent: nothing. */
  readonly trigger?: Trigger;
  /** Of one that waited, when the venue says that it is in the book. */
  readonly triggered?: boolean;
}

/** An order of a list, with all that it was asked for with. */
export interface ListedOrder extends VenueOrderView {
  readonly timeInForce: TimeInForce;
}

/** An order of a list, with all that tells it from others where nobody keeps our id. */
export interface PlacedOrder extends ListedOrder {
  /** By the venue's clock. */
  readonly placedAt: Timestamp;
  /** The word of {@link ExecutionVenue.tagOf}; null where the venue keeps none. */
  readonly tag: string | null;
}

/** A fill as the venue tells it. `clientOrderId` is null where the venue names only its own order id. */
export interface VenueFill extends Omit<Fill, 'clientOrderId'> {
  readonly clientOrderId: string | null;
  /** Nobody can tell yet whether its order is ours: it is neither booked nor passed over. */
  readonly undecided?: boolean;
}

/** What became of a request to place an order. Only `unknown` leaves a doubt whether an order exists. */
export type PlaceOutcome =
  | {
      readonly kind: 'accepted';
      readonly venueOrderId: VenueOrderId;
      /** After what happened at once; an immediate order can be filled, canceled or expired already. */
      readonly order: VenueOrderView;
      /** Fills made at once; the stream tells them too. */
      readonly fills: readonly VenueFill[];
    }
  | {
      /** Proof that no order exists from this request: the venue judged and refused it, or it never got to be judged. */
      readonly kind: 'rejected';
      /** Stable, ours: see `PlaceRejectionCode`. */
      readonly code: PlaceRejectionCode;
      /** The venue's own code and words. */
      readonly text: string;
      /** True when the same order might pass later; what each code says of that is told by `prospectOf` of the model. */
      readonly retryable: boolean;
      /** For `FILTER_FAILURE` that was found before sending: the rule that is broken and what would pass. */
      readonly filter?: VenueFilterViolation;
    }
  /** Sent, perhaps, and not answered in a way that proves anything. Ask with `lookup`; never resend blindly. */
  | { readonly kind: 'unknown'; readonly code: UnknownOutcomeCode; readonly text: string };

/** A rule of the venue that an order breaks: those of `checkFilters`, and those that only a venue adapter knows. */
export type VenueFilterViolation = Omit<FilterViolation, 'code' | 'field'> & {
  readonly code:
    | FilterViolation['code']
    | 'MARKET_QUANTITY_OFF_STEP'
    | 'MARKET_QUANTITY_BELOW_MINIMUM'
    | 'MARKET_QUANTITY_ABOVE_MAXIMUM'
    | 'NOTIONAL_ABOVE_MAXIMUM'
    | 'PRICE_OUT_OF_BAND'
    | 'TOO_MANY_OPEN_ORDERS'
    | 'POSITION_ABOVE_MAXIMUM'
    | 'TRAILING_OUT_OF_RANGE'
    | 'ICEBERG_PARTS_ABOVE_MAXIMUM';
  readonly field: FilterViolation['field'] | 'orders' | 'trigger' | 'displayQuantity';
};

export type PlaceRejectionCode =
  /** The rule that the venue named. */
  | VenueFilterViolation['code']
  | 'PRICE_FILTER_REFUSED'
  | 'LOT_SIZE_REFUSED'
  | 'MARKET_LOT_SIZE_REFUSED'
  | 'INSUFFICIENT_BALANCE'
  /** A rule that is named in `filter`, or one that nobody here knows. */
  | 'FILTER_FAILURE'
  | 'UNKNOWN_INSTRUMENT'
  | 'INSTRUMENT_HALTED'
  | 'INVALID_REQUEST'
  | 'ORDER_REJECTED'
  /** A post-only order that the market would fill at once. */
  | 'WOULD_TAKE'
  /** An order with a trigger that the market has reached already. */
  | 'WOULD_TRIGGER'
  /** It asks for what the venue can not hold, see `lackOf`. */
  | 'NOT_HELD_BY_VENUE'
  | 'AUTH_REFUSED'
  | 'RATE_LIMITED'
  | 'VENUE_OVERLOADED'
  /** The venue failed too often, so what opens is not sent: see {@link ExecutionVenue.circuit}. */
  | 'VENUE_CIRCUIT_OPEN'
  | 'CLOCK_SKEW'
  | 'REQUEST_EXPIRED'
  /** See {@link PlaceOptions.mayLeave}. */
  | 'HELD_BACK'
  | 'NOT_CONNECTED';

export type UnknownOutcomeCode =
  | 'TIMEOUT'
  | 'CONNECTION_LOST'
  | 'VENUE_FAILURE'
  | 'UNREADABLE_ANSWER'
  /** The venue has an open order with this id: look it up, it is probably ours from an earlier try. */
  | 'DUPLICATE_CLIENT_ORDER_ID';

/** What of an order a venue can not hold: its expiry, a trigger at all, one by this price or one that trails, or that it hides a part. */
export type Lack = 'expiry' | 'trigger' | 'trigger-source' | 'trailing' | 'iceberg';

export interface PlaceOptions {
  /** Venue time after which the venue itself must refuse the request, whenever it arrives. */
  readonly expiresAt: Timestamp;
  /** Asked when nothing is waited for any more, right before the request leaves. False: it does not, which is told as `HELD_BACK`. */
  readonly mayLeave?: () => boolean;
}

export interface OpenOrdersQuestion {
  /** It is asked again soon anyhow: not at all, then, while the budget of the venue is short or nobody knows what others spend of it. */
  readonly ifSpare?: boolean;
}

export interface CancelRequest {
  readonly instrumentId: InstrumentId;
  readonly clientOrderId: ClientOrderId;
  /** Where the venue keeps no id of ours, see {@link ExecutionVenue.identifiesBy}: it alone names the order there. */
  readonly venueOrderId?: VenueOrderId;
}

export type CancelOutcome =
  /** The venue has canceled it; the stream tells it too. */
  | { readonly kind: 'canceled'; readonly order: VenueOrderView }
  /** No open order has this id: filled, gone, or never there. `lookup` tells which. */
  | { readonly kind: 'not-found' }
  /** The order stands; the venue refused to cancel, or the request never got to be judged. */
  | { readonly kind: 'rejected'; readonly code: PlaceRejectionCode; readonly text: string; readonly retryable: boolean }
  | { readonly kind: 'unknown'; readonly code: UnknownOutcomeCode; readonly text: string };

/** What the user stream said about an order. Fills are told by `onFill`. */
export interface OrderReport {
  readonly kind: 'accepted' | 'triggered' | 'canceled' | 'rejected' | 'expired';
  readonly order: VenueOrderView;
  /** Why, for `rejected` and `expired`; null when the venue gave none. */
  readonly reason: Reason | null;
  readonly occurredAt: Timestamp;
}

/**
 * Hears one account. Called in the order of arrival, never concurrently; must not throw. What the venue repeats on one
 * connection is dropped, what it repeats after a reconnect is not; what it reorders stays so: fills are told apart by trade id.
 */
export interface ExecutionListener {
  onOrderReport(report: OrderReport): void;
  /** With the order as it is after this fill. */
  onFill(fill: VenueFill, order: VenueOrderView): void;
  /** The assets that changed, not all. */
  onBalances(balances: readonly Balance[], occurredAt: Timestamp): void;
  onDisconnected(detail: string): void;
  /** The stream is there again; what happened meanwhile was missed and has to be reconciled. */
  onReconnected(): void;
}

export interface FillsQuery {
  /** Fills at or after this venue time; ignored when `fromTradeId` is given. */
  readonly since: Timestamp;
  /** Fills from this trade id on, inclusive. */
  readonly fromTradeId?: TradeId;
}

/**
 * One account at one venue. Placement is never repeated by the adapter.
 * Questions throw `VenueUnreachable` (weather) or `VenueRefused`; they never guess.
 */
export abstract class ExecutionVenue {
  abstract readonly venue: VenueId;
  /** Connects the user stream and measures the clock; resolves when subscribed. Reconnects by itself afterwards. */
  abstract open(listener: ExecutionListener): Promise<void>;
  /** What of the order the venue can not hold; null: it holds it as it is. A plain order every venue holds, and more only where it says so. */
  lackOf(request: OrderRequest): Lack | null {
    if (request.expiresAt !== undefined) return 'expiry';
    if (request.trigger !== undefined) return 'trigger';
    return request.displayQuantity === undefined ? null : 'iceberg';
  }
  /**
   * Whether the venue keeps our id with an order. Where it keeps none, all that it tells has an empty `clientOrderId`, it finds and
   * cancels by its own id alone, and it has to give {@link ordersSince}: an order without an answer is then told by its content.
   */
  get identifiesBy(): 'client-order-id' | 'content' {
    return 'client-order-id';
  }
  /** A word that the adapter sends with the order and the venue keeps with it, however many orders share it; null: none. */
  tagOf(_request: OrderRequest): string | null {
    return null;
  }
  /**
   * Only of a venue that identifies by content: every order of the account in the instrument that was placed at or after that venue
   * time, whoever placed it and whatever became of it, all pages.
   */
  async ordersSince(_instrumentId: InstrumentId, _since: Timestamp): Promise<readonly PlacedOrder[]> {
    throw new BrokenInvariant(`${this.venue} keeps our ids, and is not asked what else tells an order`);
  }
  /** Never throws for weather: that is the outcome `unknown`. */
  abstract place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome>;
  abstract cancel(request: CancelRequest): Promise<CancelOutcome>;
  /**
   * `not-found` only when the venue said so; a question that failed throws. With the venue's own id the order is also found that
   * somebody gave another client id there.
   */
  abstract lookup(
    clientOrderId: ClientOrderId,
    instrumentId: InstrumentId,
    venueOrderId?: VenueOrderId | null,
  ): Promise<VenueOrderView | 'not-found'>;
  /** Null: of all instruments, which costs a venue's budget dearly. */
  abstract openOrders(
    instrumentId: InstrumentId | null,
    asked?: OpenOrdersQuestion,
  ): Promise<readonly VenueOrderView[]>;
  /**
   * Every order of the account in the instrument, whoever placed it and whatever became of it, oldest first: all from that one on;
   * null: as many of the newest as the venue tells at once.
   */
  abstract ordersFrom(instrumentId: InstrumentId, from: VenueOrderId | null): Promise<readonly ListedOrder[]>;
  /** Own fills, oldest first, all pages. */
  abstract fillsSince(instrumentId: InstrumentId, query: FillsQuery): Promise<readonly VenueFill[]>;
  /** Assets with something free or locked. */
  abstract balances(): Promise<readonly Balance[]>;
  /**
   * What this account really pays for fills of the instrument: the venue's answer, kept for an hour. While the venue does not
   * answer, what was known before stands; before the first answer it throws.
   */
  abstract feeRates(instrumentId: InstrumentId): Promise<FeeRates>;
  /** Asks the venue for its time and updates `clockOffset`: the proof that a request has expired. */
  abstract serverTime(): Promise<Timestamp>;
  /** Our estimate of the venue's time now, from the last measurement. */
  abstract venueTime(): Timestamp;
  /** Null before the first measurement. */
  abstract readonly clockOffset: ClockOffset | null;
  abstract readonly state: 'connecting' | 'connected' | 'disconnected' | 'closed';
  /** Closed for a venue that has no breaker. */
  get circuit(): CircuitState {
    return 'closed';
  }
  abstract close(): Promise<void>;
}
