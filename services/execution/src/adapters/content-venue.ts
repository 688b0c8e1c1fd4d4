import type { ContentMatch, FoundOrder, MatchByContent, WantedOrder } from '@scalpstorm/engine';
import { assert, type Micros, Timestamp } from '@scalpstorm/kernel';
import type {
  AccountId,
  Balance,
  ClientOrderId,
  FeeRates,
  InstrumentId,
  OrderRequest,
  VenueOrderId,
} from '@scalpstorm/model';
import {
  type CancelOutcome,
  type CancelRequest,
  type ExecutionListener,
  ExecutionVenue,
  type FillsQuery,
  type ListedOrder,
  type OpenOrdersQuestion,
  type PlacedOrder,
  type PlaceOptions,
  type PlaceOutcome,
  type VenueFill,
  type VenueOrderView,
} from '@scalpstorm/venue-api';
import { OrderNotIdentified } from '../domain/order-not-identified.js';
import type { Ledger } from '../ports/ledger.js';
import { HeldNews } from './held-news.js';
import { clockErrorMax, OrderNames } from './order-names.js';

export interface ContentParts {
  readonly accountId: AccountId;
  readonly ledger: Ledger;
  readonly match: MatchByContent;
  readonly requestLifeMs: number;
  readonly readLag: Micros;
}

/**
 * A venue that keeps no ids of ours, as one that does: everything that it tells of an order of ours has our id, by the venue's id in the
 * books. An order whose answer was lost is told by its content, see `matchByContent`; until it is told, nothing of what may be it is
 * given to anybody as somebody else's. @throws OrderNotIdentified where an answer would be a guess
 */
export class ContentVenue extends ExecutionVenue {
  private readonly names: OrderNames;
  private readonly news: HeldNews;
  /** Of the orders that nobody can tell, the candidates: these are shown, so that a person can decide on them. */
  private readonly ambiguous = new Map<ClientOrderId, readonly VenueOrderId[]>();
  /** Requests of which it is proved that the venue has nothing. */
  private readonly absent = new Set<string>();
  /** One list is judged at a time, so that two answers never give one order away twice. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly inner: ExecutionVenue,
    private readonly parts: ContentParts,
  ) {
    super();
    this.names = new OrderNames({ ...parts, tagOf: (request) => inner.tagOf(request) });
    this.news = new HeldNews(this.names);
  }

  get venue() {
    return this.inner.venue;
  }

  get state() {
    return this.inner.state;
  }

  get clockOffset() {
    return this.inner.clockOffset;
  }

  override get circuit() {
    return this.inner.circuit;
  }

  override get identifiesBy() {
    return this.inner.identifiesBy;
  }

  override lackOf(request: OrderRequest) {
    return this.inner.lackOf(request);
  }

  open(listener: ExecutionListener): Promise<void> {
    return this.inner.open(this.news.listener(listener));
  }

  async place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome> {
    const { clientOrderId, instrumentId } = request;
    const { awaited } = this.names;
    awaited.add(clientOrderId);
    const outcome = await this.inner.place(request, options).finally(() => awaited.delete(clientOrderId));
    if (outcome.kind !== 'accepted') return outcome;
    this.names.claim({ instrumentId, venueOrderId: outcome.venueOrderId }, clientOrderId);
    this.news.review();
    const fills = outcome.fills.map((fill) => ({ ...fill, clientOrderId }));
    return { ...outcome, order: { ...outcome.order, clientOrderId }, fills };
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    const { clientOrderId } = request;
    const venueOrderId = request.venueOrderId ?? (await this.names.venueIdOf(clientOrderId));
    // Nobody knows as what it is there: it is looked up until that is known, and canceled then.
    if (venueOrderId === null) return { kind: 'not-found' };
    const outcome = await this.inner.cancel({ ...request, venueOrderId });
    return outcome.kind === 'canceled' ? { ...outcome, order: { ...outcome.order, clientOrderId } } : outcome;
  }

  async lookup(clientOrderId: ClientOrderId, instrumentId: InstrumentId, venueOrderId: VenueOrderId | null = null) {
    const known = venueOrderId ?? (await this.names.venueIdOf(clientOrderId)) ?? (await this.identify(clientOrderId));
    if (known === null) return 'not-found';
    const view = await this.inner.lookup(clientOrderId, instrumentId, known);
    return view === 'not-found' ? view : this.named(view);
  }

  async openOrders(instrumentId: InstrumentId | null, asked?: OpenOrdersQuestion): Promise<readonly VenueOrderView[]> {
    const shown: VenueOrderView[] = [];
    for (const view of await this.inner.openOrders(instrumentId, asked)) {
      const name = await this.names.find(view);
      const mayBeOurs =
        name === null && this.names.resembles(view).some((one) => !this.ambiguous.has(one.clientOrderId));
      if (!mayBeOurs) shown.push(name === null ? view : { ...view, clientOrderId: name });
    }
    return shown;
  }

  ordersFrom(instrumentId: InstrumentId, from: VenueOrderId | null): Promise<readonly ListedOrder[]> {
    return this.inner.ordersFrom(instrumentId, from);
  }

  /** Whoever reads them may not pass over one that may turn out to be ours. */
  async fillsSince(instrumentId: InstrumentId, query: FillsQuery): Promise<readonly VenueFill[]> {
    const fills: VenueFill[] = [];
    for (const fill of await this.inner.fillsSince(instrumentId, query)) {
      const clientOrderId = await this.names.find(fill);
      if (clientOrderId !== null) fills.push({ ...fill, clientOrderId });
      else fills.push(this.isUndecided(fill) ? { ...fill, undecided: true } : fill);
    }
    return fills;
  }

  balances(): Promise<readonly Balance[]> {
    return this.inner.balances();
  }

  feeRates(instrumentId: InstrumentId): Promise<FeeRates> {
    return this.inner.feeRates(instrumentId);
  }

  serverTime(): Promise<Timestamp> {
    return this.inner.serverTime();
  }

  venueTime(): Timestamp {
    return this.inner.venueTime();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  private async named(view: VenueOrderView): Promise<VenueOrderView> {
    const clientOrderId = await this.names.find(view);
    return clientOrderId === null ? view : { ...view, clientOrderId };
  }

  /** True while only its end or a person tells. @throws OrderNotIdentified where it is told in some seconds: until then nothing adds up */
  private isUndecided({ instrumentId, side, quantity, occurredAt, venueOrderId }: VenueFill): boolean {
    const itsOrders = this.names.wanted().filter((one) => {
      const isIts = one.instrumentId === instrumentId && one.side === side && quantity <= one.quantity;
      return isIts && occurredAt >= one.markedAt - clockErrorMax && !this.absent.has(requestOf(one));
    });
    const unsettled = itsOrders.find(({ clientOrderId }) => !this.ambiguous.has(clientOrderId));
    if (unsettled === undefined) return itsOrders.length > 0;
    const { clientOrderId } = unsettled;
    throw new OrderNotIdentified({
      code: 'ORDER_NOT_SETTLED',
      instrumentId,
      clientOrderId,
      candidates: [venueOrderId],
    });
  }

  /** Null: nothing at the venue may be it. */
  private async identify(clientOrderId: ClientOrderId): Promise<VenueOrderId | null> {
    const mine = this.turn.then(() => this.judge(clientOrderId));
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private async judge(clientOrderId: ClientOrderId): Promise<VenueOrderId | null> {
    const before = this.names.wanted();
    const mine = before.find((one) => one.clientOrderId === clientOrderId);
    // Told by its answer, or with another one, while it waited for its turn.
    if (mine === undefined) return this.names.venueIdOf(clientOrderId);
    const { instrumentId } = mine;
    const alike = before.filter((one) => one.instrumentId === instrumentId);
    const since = Timestamp.plus(
      Timestamp.fromMicros(Math.min(...alike.map(({ markedAt }) => markedAt))),
      -clockErrorMax,
    );
    const askedAt = await this.inner.serverTime();
    const listed = await this.inner.ordersSince(instrumentId, since);
    const found = await this.unclaimed(listed);
    const wanted = this.names.wanted().filter((one) => one.instrumentId === instrumentId);
    const circumstances = { askedAt, clockErrorMax, readLag: this.parts.readLag };
    const matches = this.parts.match(
      wanted,
      found.filter((one) => this.names.known({ ...one, instrumentId }) === null),
      circumstances,
    );
    this.forgetSettled();
    for (const one of wanted) {
      const isReadable = askedAt > one.expiresAt + clockErrorMax + this.parts.readLag;
      if (isReadable && matches.get(one.clientOrderId)?.kind === 'absent') this.absent.add(requestOf(one));
    }
    for (const [id, match] of matches) this.conclude(id, instrumentId, match);
    this.news.review();
    const match = matches.get(clientOrderId);
    if (match === undefined) return this.names.venueIdOf(clientOrderId);
    if (match.kind === 'ours') return match.venueOrderId;
    if (match.kind === 'absent') return null;
    const isAmbiguous = match.kind === 'ambiguous';
    throw new OrderNotIdentified({
      code: isAmbiguous ? 'ORDER_AMBIGUOUS' : 'ORDER_NOT_SETTLED',
      instrumentId,
      clientOrderId,
      candidates: isAmbiguous ? match.candidates : [],
    });
  }

  private forgetSettled(): void {
    const wanted = this.names.wanted();
    const ids = new Set(wanted.map(({ clientOrderId }) => clientOrderId));
    const requests = new Set(wanted.map(requestOf));
    for (const id of this.ambiguous.keys()) if (!ids.has(id)) this.ambiguous.delete(id);
    for (const request of this.absent) if (!requests.has(request)) this.absent.delete(request);
  }

  private conclude(clientOrderId: ClientOrderId, instrumentId: InstrumentId, match: ContentMatch): void {
    if (match.kind === 'ambiguous') this.ambiguous.set(clientOrderId, match.candidates);
    else this.ambiguous.delete(clientOrderId);
    if (match.kind !== 'ours') return;
    assert(this.names.known({ instrumentId, venueOrderId: match.venueOrderId }) === null, 'an order was claimed twice');
    this.names.claim({ instrumentId, venueOrderId: match.venueOrderId }, clientOrderId);
  }

  /** Without those that are orders of ours in the books. */
  private async unclaimed(listed: readonly PlacedOrder[]): Promise<readonly FoundOrder[]> {
    const found: FoundOrder[] = [];
    for (const order of listed) {
      if (this.names.resembles(order).length === 0 || (await this.names.find(order)) !== null) continue;
      found.push({ ...order, isOver: order.status !== 'open' && order.status !== 'partially-filled' });
    }
    return found;
  }
}

/** One that is sent once more has another expiry. */
const requestOf = ({ clientOrderId, expiresAt }: WantedOrder): string => `${clientOrderId} ${expiresAt}`;
