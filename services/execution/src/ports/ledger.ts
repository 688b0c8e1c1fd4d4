import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  BotId,
  CancelReason,
  ClientOrderId,
  EventId,
  InstrumentId,
  Order,
  OrderEvent,
  OrderRequest,
  Position,
  Quantity,
  UserId,
  VenueOrderId,
} from '@scalpstorm/model';
import type { Refused } from '../domain/fold.js';
import type { TrackedOrder } from '../domain/order-row.js';

/** Something that happened to one order, with what led to it. */
export interface Change {
  readonly clientOrderId: ClientOrderId;
  readonly events: readonly OrderEvent[];
  /** What the venue counted as filled when it told them: an end among them is held back until so much is booked. */
  readonly filledAtVenue?: Quantity;
  /** A new order ends as denied instead where it gives back more than its bot holds, less what works already. */
  readonly onlyHeld?: boolean;
  /** When it happened at its source. */
  readonly occurredAt: Timestamp;
  readonly causedBy: EventId | null;
}

/** What became of a change. `applied` counts the events that moved the order; the rest were repeats or are told apart. */
export interface Recorded {
  readonly tracked: TrackedOrder;
  readonly applied: number;
  readonly refused: readonly Refused[];
}

/** Somebody wants an order canceled, whether it is here already or not. */
export interface CancelWish {
  readonly accountId: AccountId;
  readonly clientOrderId: ClientOrderId;
  readonly cancelReason: CancelReason;
  readonly requestedAt: Timestamp;
  readonly causedBy: EventId | null;
}

export interface Span {
  readonly from: Timestamp;
  readonly to: Timestamp;
}

export interface NamedByVenue {
  readonly instrumentId: InstrumentId;
  readonly venueOrderId: VenueOrderId;
}

export interface Traded {
  readonly instrumentId: InstrumentId;
  /** When its first order was made, by our clock: no fill of ours is older. */
  readonly since: Timestamp;
}

/**
 * The truth about the orders of every account: one writer an account, decided in memory by `engine/orders`,
 * committed with fence, events, fills, positions and outbox in one transaction before anything is answered.
 */
export abstract class Ledger {
  private readonly followers = new Set<(order: Order) => void>();

  /** Calls for every order that a commit has changed, when the books know it. Must not throw. */
  follow(follower: (order: Order) => void): void {
    this.followers.add(follower);
  }

  protected tellFollowers(orders: Iterable<Order>): void {
    if (this.followers.size === 0) return;
    for (const order of orders) for (const follower of this.followers) follower(order);
  }

  /** Takes the lease of the account and loads what works; nothing happens when that is done already. @throws LeaseHeld while another writer lives. */
  abstract open(accountId: AccountId): Promise<void>;
  /** False: this process has no books of the account, so nothing may be asked of it here. */
  abstract isOpen(accountId: AccountId): boolean;
  /** Resolves when everything that was submitted for the account so far is committed or refused. */
  abstract drain(accountId: AccountId): Promise<void>;
  /** Stores a new order with its first events. `fresh` is false when the id was known: nothing was changed then. */
  abstract admit(
    request: OrderRequest,
    change: Change,
  ): Promise<{ readonly tracked: TrackedOrder; readonly fresh: boolean }>;
  /**
   * Stores the reason of a cancel with its order. Null: there is no such order yet; the wish is kept for a day, and the order
   * ends without being sent when its approval comes.
   */
  abstract requestCancel(wish: CancelWish): Promise<Recorded | null>;
  /** Applies events to a known order. Null: no such order. */
  abstract record(change: Change): Promise<Recorded | null>;
  abstract find(clientOrderId: ClientOrderId): Promise<TrackedOrder | null>;
  /** Was its trigger watched here? False where nobody remembers: then its trigger is not ours to leave out. */
  async wasEmulated(_clientOrderId: ClientOrderId): Promise<boolean> {
    return false;
  }
  /** For what names only the venue's id of the order, which a venue may give once in every instrument. */
  abstract findByVenueId(accountId: AccountId, named: NamedByVenue): Promise<TrackedOrder | null>;
  /**
   * For how long, by a clock that nobody can set, this process has known the order as it is given: 0 for another state of it, and counted
   * anew after a start, because nobody knows how the wall clock went meanwhile. What an answer proves of an order is told by this.
   */
  abstract quietFor(order: Order): Micros;
  /** The orders that are not final. */
  abstract working(accountId: AccountId): readonly TrackedOrder[];
  abstract positions(accountId: AccountId): readonly Position[];
  /** Every fill ever booked, summed a currency: what the account's balances must have changed by. */
  abstract cashFlow(accountId: AccountId): Promise<ReadonlyMap<string, bigint>>;
  /** The instruments that were ever ordered. */
  abstract traded(accountId: AccountId): Promise<readonly Traded[]>;
  /** The newest orders that the venue took, newest first, made in the span by our clock. */
  abstract accepted(accountId: AccountId, span: Span, limit: number): Promise<readonly TrackedOrder[]>;
  /** The venue's id of the newest order in the instrument that it took; null when it took none. */
  abstract newestAtVenue(accountId: AccountId, instrumentId: InstrumentId): Promise<VenueOrderId | null>;
  /** Whose bot it is, by its orders; by those of the account where it has none and all are one user's. Null: nobody knows. */
  abstract ownerOf(accountId: AccountId, botId: BotId): Promise<UserId | null>;
  abstract close(): Promise<void>;
}

/** Another process writes for this account, or did until its lease ends. */
export class LeaseHeld extends Error {
  override readonly name = 'LeaseHeld';
}
