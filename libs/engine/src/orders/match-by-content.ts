import { type Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  ClientOrderId,
  InstrumentId,
  OrderType,
  Price,
  Quantity,
  Side,
  TimeInForce,
  VenueOrderId,
} from '@scalpstorm/model';

/** What an order is told by where nobody kept our id. */
export interface OrderContent {
  readonly instrumentId: InstrumentId;
  readonly side: Side;
  /** Null: a type that we never send. */
  readonly type: OrderType | null;
  /** Null for a market order. */
  readonly price: Price | null;
  readonly quantity: Quantity;
  readonly timeInForce: TimeInForce;
  /** A word of ours that the venue keeps with the order; null where it keeps none. */
  readonly tag: string | null;
}

/** An order of ours that may have reached the venue, and has no venue order id in our books. */
export interface WantedOrder extends OrderContent {
  readonly clientOrderId: ClientOrderId;
  /** Venue time before which its request can not have left. */
  readonly markedAt: Timestamp;
  /** Venue time after which the venue refuses its request. */
  readonly expiresAt: Timestamp;
  /** Its answer is still awaited: nothing is concluded of it, or of one that looks like it. */
  readonly awaited: boolean;
}

/** An order as the venue lists it, open or not. */
export interface FoundOrder extends OrderContent {
  readonly venueOrderId: VenueOrderId;
  /** By the venue's clock. */
  readonly placedAt: Timestamp;
  readonly filledQuantity: Quantity;
  readonly isOver: boolean;
}

export interface MatchCircumstances {
  /** Venue time at which the question for the list left. */
  readonly askedAt: Timestamp;
  /** How far times of the venue and of the mark may differ. */
  readonly clockErrorMax: Micros;
  /** How far the list may lie behind what the venue has taken. */
  readonly readLag: Micros;
}

/**
 * - `ours`: that one, and no other order of ours
 * - `absent`: nothing in the list may be it; a proof only by the rules of `sendingDecision`
 * - `wait`: something may be it, and more may still arrive or be listed
 * - `ambiguous`: more fit than there can be, or fewer than were sent: nobody but a person, or their end, tells which
 */
export type ContentMatch =
  | { readonly kind: 'ours'; readonly venueOrderId: VenueOrderId }
  | { readonly kind: 'absent' }
  | { readonly kind: 'wait' }
  | { readonly kind: 'ambiguous'; readonly candidates: readonly VenueOrderId[] };

export type MatchByContent = (
  wanted: readonly WantedOrder[],
  found: readonly FoundOrder[],
  circumstances: MatchCircumstances,
) => ReadonlyMap<ClientOrderId, ContentMatch>;

/** Could the listed order be the one that we sent, by what it is and by when it was placed? */
export function mayBe(wanted: WantedOrder, found: FoundOrder, clockErrorMax: Micros): boolean {
  if (!hasContentOf(wanted, found)) return false;
  const { placedAt } = found;
  return placedAt >= wanted.markedAt - clockErrorMax && placedAt <= wanted.expiresAt + clockErrorMax;
}

/** A market order has no time in force that venues agree on. */
export function hasContentOf(wanted: OrderContent, found: Omit<OrderContent, 'timeInForce'> & Partial<OrderContent>) {
  const fields = ['instrumentId', 'side', 'type', 'price', 'quantity', 'tag'] as const;
  if (!fields.every((field) => wanted[field] === found[field])) return false;
  return wanted.type === 'market' || found.timeInForce === undefined || wanted.timeInForce === found.timeInForce;
}

/**
 * Which of the venue's orders are which of ours, where the venue keeps no id of ours. Nothing is claimed before whatever was sent can be
 * read: until then a second one that fits may still show. Orders of ours that look the same are paired with as many found ones in order of
 * time. Where the numbers differ nobody can tell them apart: they wait until what was found is over, when it moves nothing any more and
 * one of ours is as good as the other. No venue order is claimed twice, and none that may be ours is left over beside an `absent`.
 * @param wanted all of the account that have no venue order id, @param found without those that orders of ours have claimed
 */
export const matchByContent: MatchByContent = (wanted, found, circumstances) => {
  const matches = new Map<ClientOrderId, ContentMatch>();
  for (const group of groupsOf(wanted, found, circumstances.clockErrorMax)) judge(group, circumstances, matches);
  return matches;
};

interface Group {
  readonly wanted: readonly WantedOrder[];
  readonly found: readonly FoundOrder[];
}

/** Orders that may be one another, directly or by way of others: what is concluded of one depends on all of them. */
function groupsOf(wanted: readonly WantedOrder[], found: readonly FoundOrder[], clockErrorMax: Micros): Group[] {
  const left = new Set(wanted);
  const groups: Group[] = [];
  for (const first of wanted) {
    if (!left.delete(first)) continue;
    const ours = [first];
    const theirs = new Set<FoundOrder>();
    for (const one of ours) {
      for (const other of found) {
        if (theirs.has(other) || !mayBe(one, other, clockErrorMax)) continue;
        theirs.add(other);
        for (const next of left) if (mayBe(next, other, clockErrorMax) && left.delete(next)) ours.push(next);
      }
    }
    groups.push({ wanted: ours.toSorted(byMark), found: [...theirs].toSorted(byPlacing) });
  }
  return groups;
}

function judge(group: Group, circumstances: MatchCircumstances, matches: Map<ClientOrderId, ContentMatch>): void {
  const { wanted, found } = group;
  const same = sameOfAll(group, circumstances);
  const pairs = pairsOf(group, circumstances.clockErrorMax);
  const candidates = found.map(({ venueOrderId }) => venueOrderId);
  for (const { clientOrderId } of wanted) {
    const venueOrderId = pairs.get(clientOrderId);
    if (same === 'wait') matches.set(clientOrderId, { kind: 'wait' });
    else if (same === 'ambiguous') matches.set(clientOrderId, { kind: 'ambiguous', candidates });
    else matches.set(clientOrderId, venueOrderId === undefined ? { kind: 'absent' } : { kind: 'ours', venueOrderId });
  }
}

/** What holds for every order of ours in the group alike; null: each is the one that it is paired with, or absent. */
function sameOfAll(group: Group, circumstances: MatchCircumstances): 'wait' | 'ambiguous' | null {
  const { wanted, found } = group;
  if (found.length === 0) return null;
  if (!wanted.every((one) => isReadable(one, circumstances))) return 'wait';
  const paired = pairsOf(group, circumstances.clockErrorMax).size;
  const isEven = wanted.length === found.length && paired === found.length;
  return isEven || makesNoDifference(group) ? null : 'ambiguous';
}

/** Whatever was sent of it until its expiry is in the list by now, if the venue took it. */
function isReadable({ awaited, expiresAt }: WantedOrder, circumstances: MatchCircumstances): boolean {
  const { askedAt, clockErrorMax, readLag } = circumstances;
  return !awaited && askedAt > Timestamp.plus(expiresAt, clockErrorMax + readLag);
}

/** In order of time; each takes the first that may be it. */
function pairsOf({ wanted, found }: Group, clockErrorMax: Micros): ReadonlyMap<ClientOrderId, VenueOrderId> {
  const left = new Set(found);
  const pairs = new Map<ClientOrderId, VenueOrderId>();
  for (const one of wanted) {
    const its = found.find((other) => left.has(other) && mayBe(one, other, clockErrorMax));
    if (its === undefined) continue;
    left.delete(its);
    pairs.set(one.clientOrderId, its.venueOrderId);
  }
  return pairs;
}

/** They are over, and each moved as much as any other that could be taken in its place. */
function makesNoDifference({ wanted, found }: Group): boolean {
  if (!found.every(({ isOver }) => isOver)) return false;
  return found.length < wanted.length || new Set(found.map(({ filledQuantity }) => filledQuantity)).size === 1;
}

const byMark = (left: WantedOrder, right: WantedOrder): number => left.markedAt - right.markedAt;
const byPlacing = (left: FoundOrder, right: FoundOrder): number => left.placedAt - right.placedAt;
