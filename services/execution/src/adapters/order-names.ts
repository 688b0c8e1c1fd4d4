import { hasContentOf, type WantedOrder } from '@scalpstorm/engine';
import { type Micros, millisecond, second, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, ClientOrderId, OrderRequest, VenueOrderId } from '@scalpstorm/model';
import type { VenueOrderView } from '@scalpstorm/venue-api';
import type { Ledger, NamedByVenue } from '../ports/ledger.js';

/** How far the venue's clock may be from what we hold it for, right after it was asked. */
export const clockErrorMax: Micros = 250 * millisecond;
/**
 * Its expiry is kept by the venue's clock, whatever ours said. When its request left is told by ours alone, which somebody may have set:
 * an older order of the same content is rather one too many than the one that is missed.
 */
const markMargin: Micros = 60 * second;
/** Those of the books are not forgotten; these only reach from an answer to its commit, and to what the stream repeats. */
const namesMax = 4_096;
const inDoubt: ReadonlySet<string> = new Set(['sending', 'submitted', 'unknown']);

export interface OrderNamesParts {
  readonly accountId: AccountId;
  readonly ledger: Ledger;
  readonly requestLifeMs: number;
  tagOf(request: OrderRequest): string | null;
}

/** Which of the venue's orders is which of ours: by the books, and by what was learnt and is on its way into them. */
export class OrderNames {
  /** Requests whose answer is awaited by this process. */
  readonly awaited = new Set<ClientOrderId>();
  private readonly ours = new Map<string, ClientOrderId>();
  private readonly theirs = new Map<ClientOrderId, VenueOrderId>();

  constructor(private readonly parts: OrderNamesParts) {}

  claim(named: NamedByVenue, clientOrderId: ClientOrderId): void {
    this.ours.set(keyOf(named), clientOrderId);
    this.theirs.set(clientOrderId, named.venueOrderId);
    const [oldest] = this.ours;
    if (this.ours.size <= namesMax || oldest === undefined) return;
    this.ours.delete(oldest[0]);
    this.theirs.delete(oldest[1]);
  }

  /** What is known without asking the database. */
  known(named: NamedByVenue): ClientOrderId | null {
    const claimed = this.ours.get(keyOf(named));
    if (claimed !== undefined) return claimed;
    const has = ({ order }: ReturnType<Ledger['working']>[number]): boolean =>
      order.venueOrderId === named.venueOrderId && order.request.instrumentId === named.instrumentId;
    return this.working().find(has)?.order.request.clientOrderId ?? null;
  }

  async find(named: NamedByVenue): Promise<ClientOrderId | null> {
    const { ledger, accountId } = this.parts;
    const stored = this.known(named) ?? (await ledger.findByVenueId(accountId, named))?.order.request.clientOrderId;
    // Learnt while the database was asked.
    return stored ?? this.known(named);
  }

  async venueIdOf(clientOrderId: ClientOrderId): Promise<VenueOrderId | null> {
    const claimed = this.theirs.get(clientOrderId);
    return claimed ?? (await this.parts.ledger.find(clientOrderId))?.order.venueOrderId ?? null;
  }

  /** What may be at the venue, and nobody knows as what. */
  wanted(): readonly WantedOrder[] {
    const { requestLifeMs, tagOf } = this.parts;
    return this.working().flatMap(({ order, requestExpiresAt: expiresAt }): WantedOrder[] => {
      const { request, venueOrderId, status, statusBefore } = order;
      const { clientOrderId, instrumentId, side, type, price, quantity, timeInForce } = request;
      const isDoubtful = inDoubt.has(statusBefore ?? status) && venueOrderId === null;
      if (expiresAt === null || !isDoubtful || this.theirs.has(clientOrderId)) return [];
      const content = { instrumentId, side, type, price, quantity, timeInForce, tag: tagOf(request) };
      const markedAt = Timestamp.plus(expiresAt, -requestLifeMs * millisecond - markMargin);
      return [{ ...content, clientOrderId, markedAt, expiresAt, awaited: this.awaited.has(clientOrderId) }];
    });
  }

  /** May the order that nobody claims be one of those, by what every telling of it says? */
  resembles(view: VenueOrderView): readonly WantedOrder[] {
    return this.wanted().filter((one) => {
      const isOlder = view.updatedAt < one.markedAt - clockErrorMax;
      return !isOlder && hasContentOf({ ...one, tag: null }, { ...view, timeInForce: one.timeInForce, tag: null });
    });
  }

  private working(): ReturnType<Ledger['working']> {
    const { ledger, accountId } = this.parts;
    return ledger.isOpen(accountId) ? ledger.working(accountId) : [];
  }
}

const keyOf = ({ instrumentId, venueOrderId }: NamedByVenue): string => `${instrumentId} ${venueOrderId}`;
