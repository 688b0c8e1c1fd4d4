import { second, type Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  type AccountId,
  type Balance,
  type ClientOrderId,
  type FeeRates,
  type InstrumentId,
  type OrderRequest,
  Quantity,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import { anAccount } from '@scalpstorm/testkit';
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
  VenueUnreachable,
} from '@scalpstorm/venue-api';
import { Venues } from '../src/ports/venues.js';

const heldBack: PlaceOutcome = { kind: 'rejected', code: 'HELD_BACK', text: 'nothing was sent', retryable: true };

/** A venue whose books a test writes; what was asked of it is kept. */
export class FakeVenue extends ExecutionVenue {
  readonly venue = VenueId.of('sim');
  readonly clockOffset = null;
  state: ExecutionVenue['state'] = 'disconnected';
  brokenCircuit: ExecutionVenue['circuit'] = 'closed';
  readonly orders = new Map<string, VenueOrderView>();
  fills: readonly VenueFill[] = [];
  holdings: readonly Balance[] = [];
  /** It tells orders by its own ids alone. */
  keepsNoIds = false;
  rates = { makerFeeRate: '0.001', takerFeeRate: '0.001' };
  reachable = true;
  readonly placed: { readonly request: OrderRequest; readonly options: PlaceOptions }[] = [];
  readonly canceled: ClientOrderId[] = [];
  readonly looked: ClientOrderId[] = [];
  readonly listed: OpenOrdersQuestion[] = [];
  /** What a request waits for, e.g. the budget of the venue. */
  beforeLeaving: () => void | Promise<void> = () => undefined;
  onPlace: (request: OrderRequest) => PlaceOutcome | Promise<PlaceOutcome> = (request) => this.accept(request);
  onCancel: (request: CancelRequest) => CancelOutcome | Promise<CancelOutcome> = () => ({ kind: 'not-found' });
  listener: ExecutionListener | null = null;

  constructor(private readonly now: () => Timestamp) {
    super();
  }

  override get circuit() {
    return this.brokenCircuit;
  }

  override get identifiesBy() {
    return this.keepsNoIds ? 'content' : 'client-order-id';
  }

  view(request: OrderRequest, changes: Partial<VenueOrderView> = {}): VenueOrderView {
    const { clientOrderId, instrumentId, side, type, price, quantity } = request;
    const venueOrderId = VenueOrderId.of(`v-${clientOrderId}`);
    const updatedAt = this.now();
    const written = { clientOrderId, instrumentId, side, type, price, quantity, venueOrderId, updatedAt };
    return { ...written, filledQuantity: Quantity.zero, status: 'open', ...changes };
  }

  accept(request: OrderRequest, changes: Partial<VenueOrderView> = {}): PlaceOutcome {
    const order = this.view(request, changes);
    this.orders.set(request.clientOrderId, order);
    return { kind: 'accepted', venueOrderId: order.venueOrderId, order: this.told(order), fills: [] };
  }

  async open(listener: ExecutionListener): Promise<void> {
    this.requireReachable();
    this.listener = listener;
    this.state = 'connected';
  }

  async place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome> {
    await this.beforeLeaving();
    if (options.mayLeave?.() === false) return heldBack;
    this.placed.push({ request, options });
    return this.onPlace(request);
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    this.canceled.push(request.clientOrderId);
    return this.onCancel(request);
  }

  async lookup(
    clientOrderId: ClientOrderId,
    instrumentId: InstrumentId,
    venueOrderId: VenueOrderId | null = null,
  ): Promise<VenueOrderView | 'not-found'> {
    this.requireReachable();
    this.looked.push(clientOrderId);
    const named = this.keepsNoIds ? undefined : this.orders.get(clientOrderId);
    if (named !== undefined) return named;
    const ofInstrument = [...this.orders.values()].filter((view) => view.instrumentId === instrumentId);
    const found = ofInstrument.find((view) => view.venueOrderId === venueOrderId);
    return found === undefined ? 'not-found' : this.told(found);
  }

  async openOrders(
    _instrumentId: InstrumentId | null = null,
    asked: OpenOrdersQuestion = {},
  ): Promise<readonly VenueOrderView[]> {
    this.requireReachable();
    this.listed.push(asked);
    const open = [...this.orders.values()].filter(({ status }) => status === 'open' || status === 'partially-filled');
    return open.map((order) => this.told(order));
  }

  override async ordersSince(instrumentId: InstrumentId, since: Timestamp): Promise<readonly PlacedOrder[]> {
    const listed = await this.ordersFrom(instrumentId, null);
    const placed = listed.map((order) => ({ ...order, placedAt: order.updatedAt, tag: null }));
    return placed.filter(({ placedAt }) => placedAt >= since);
  }

  told<View extends VenueOrderView>(order: View): View {
    return this.keepsNoIds ? { ...order, clientOrderId: '' } : order;
  }

  async ordersFrom(instrumentId: InstrumentId, from: VenueOrderId | null): Promise<readonly ListedOrder[]> {
    this.requireReachable();
    const listed = [...this.orders.values()].filter((order) => order.instrumentId === instrumentId);
    const begin = from === null ? 0 : listed.findIndex(({ venueOrderId }) => venueOrderId === from);
    return listed.slice(Math.max(0, begin)).map((order) => this.told({ ...order, timeInForce: 'GTC' }));
  }

  async fillsSince(instrumentId: InstrumentId, { since, fromTradeId }: FillsQuery): Promise<readonly VenueFill[]> {
    this.requireReachable();
    const from = (fill: VenueFill) =>
      fromTradeId === undefined ? fill.occurredAt >= since : Number(fill.tradeId) >= Number(fromTradeId);
    return this.fills.filter((fill) => fill.instrumentId === instrumentId && from(fill));
  }

  async balances(): Promise<readonly Balance[]> {
    return this.holdings;
  }

  async feeRates(instrumentId: InstrumentId): Promise<FeeRates> {
    this.requireReachable();
    return { instrumentId, ...this.rates };
  }

  async serverTime(): Promise<Timestamp> {
    this.requireReachable();
    return this.now();
  }

  venueTime(): Timestamp {
    return this.now();
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }

  private requireReachable(): void {
    if (!this.reachable) throw new VenueUnreachable(this.venue, 'VENUE_UNREACHABLE', 'away');
  }
}

/** One account at one fake venue, and others at theirs. */
export class FakeVenues extends Venues {
  readonly requestLifeMs = 5_000;
  readonly readLag = 5 * second;
  private readonly connected: Map<string, { readonly account: Account; readonly venue: FakeVenue }>;
  private readonly held = new Map<string, { readonly balances: readonly Balance[]; readonly asOf: Timestamp }>();

  constructor(
    venue: FakeVenue,
    account: Account = anAccount(),
    others: readonly { readonly account: Account; readonly venue: FakeVenue }[] = [],
  ) {
    super();
    this.connected = new Map([{ account, venue }, ...others].map((one) => [one.account.id, one]));
  }

  /** With a connection of its own, as after a new key. */
  attach(account: Account, venue: FakeVenue): void {
    this.connected.set(account.id, { account, venue });
  }

  async detach(accountId: AccountId): Promise<void> {
    const venue = this.connected.get(accountId)?.venue;
    this.connected.delete(accountId);
    await venue?.close();
  }

  accounts(): readonly Account[] {
    return [...this.connected.values()].map(({ account }) => account);
  }

  venueOf(accountId: AccountId): ExecutionVenue | null {
    return this.connected.get(accountId)?.venue ?? null;
  }

  balances(accountId: AccountId): readonly Balance[] {
    return this.held.get(accountId)?.balances ?? [];
  }

  balancesAsOf(accountId: AccountId): Timestamp | null {
    return this.held.get(accountId)?.asOf ?? null;
  }

  rememberBalances(accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    this.held.set(accountId, { balances, asOf });
  }

  async close(): Promise<void> {
    await Promise.all([...this.connected.values()].map(({ venue }) => venue.close()));
  }
}
