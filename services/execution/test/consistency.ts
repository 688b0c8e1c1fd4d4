import { type ClientOrderId, type Fill, isFinal, type OrderEvent, type OrderStatus } from '@scalpstorm/model';
import type { VenueOrderStatus } from '@scalpstorm/venue-api';

type Booked = Pick<Fill, 'tradeId' | 'price' | 'quantity'>;

/** One intent as the venue has it and as our books have it. */
export interface IntentFacts {
  readonly clientOrderId: ClientOrderId;
  /** Every order that the venue ever took under this id. */
  readonly venueOrders: readonly VenueOrderStatus[];
  readonly venueFills: readonly Booked[];
  /** Null: our books do not know it. */
  readonly ours: {
    readonly status: OrderStatus;
    readonly reasonCode: string | null;
    readonly fills: readonly Booked[];
    readonly events: readonly OrderEvent['kind'][];
  } | null;
}

const sameAs: Readonly<Record<VenueOrderStatus, OrderStatus>> = {
  open: 'accepted',
  'partially-filled': 'partially-filled',
  filled: 'filled',
  canceled: 'canceled',
  rejected: 'rejected',
  expired: 'expired',
};

const endings: ReadonlySet<OrderEvent['kind']> = new Set(['denied', 'rejected', 'canceled', 'expired']);

/** Everything about an intent that must never be; empty when the books and the venue agree. */
export function violationsOf(facts: IntentFacts): readonly string[] {
  const { clientOrderId, ours, venueOrders } = facts;
  const found: string[] = [];
  if (venueOrders.length > 1) found.push(`the venue has ${venueOrders.length} orders`);
  if (ours === null) found.push('our books do not know it');
  else found.push(...stateViolations(ours, venueOrders), ...fillViolations(ours.fills, facts.venueFills));
  return found.map((text) => `${clientOrderId}: ${text}`);
}

function stateViolations(ours: NonNullable<IntentFacts['ours']>, venueOrders: readonly VenueOrderStatus[]): string[] {
  const found: string[] = [];
  const [theirs] = venueOrders;
  const settled = isFinal(ours.status) || ours.status === 'accepted' || ours.status === 'partially-filled';
  if (!settled) found.push(`still ${ours.status}`);
  if (ours.events.filter((kind) => endings.has(kind)).length > 1) found.push(`ended twice: ${ours.events.join(', ')}`);
  if (theirs === undefined) {
    const proved = ours.status === 'expired' && ours.reasonCode === 'NOT_FOUND_AFTER_EXPIRY';
    if (!proved && ours.status !== 'rejected') found.push(`${ours.status} here, never at the venue`);
  } else if (ours.status !== sameAs[theirs]) {
    found.push(`${ours.status} (${ours.reasonCode}) here, ${theirs} at the venue`);
  }
  return found;
}

function fillViolations(ours: readonly Booked[], theirs: readonly Booked[]): string[] {
  const listed = (fills: readonly Booked[]) =>
    fills
      .map(({ tradeId, price, quantity }) => `${tradeId} ${quantity}@${price}`)
      .sort()
      .join(', ');
  return listed(ours) === listed(theirs) ? [] : [`fills [${listed(ours)}] here, [${listed(theirs)}] at the venue`];
}
