import { Venues } from '@scalpstorm/execution/simulation';
import { type Micros, millisecond, type Rng, second, Timestamp } from '@scalpstorm/kernel';
import {
  type Account,
  type AccountId,
  type Balance,
  type ClientOrderId,
  type FeeRates,
  type InstrumentId,
  type OrderRequest,
  VenueId,
  type VenueOrderId,
} from '@scalpstorm/model';
import {
  type CancelOutcome,
  type CancelRequest,
  type ExecutionListener,
  ExecutionVenue,
  type FillsQuery,
  type Lack,
  type ListedOrder,
  type PlaceOptions,
  type PlaceOutcome,
  type VenueFill,
  type VenueOrderView,
  VenueUnreachable,
} from '@scalpstorm/venue-api';
import type { CrashPoint } from '../faults/crash-points.js';
import type { Weather } from '../faults/weather.js';
import type { SimProcess } from '../services/sim-process.js';
import type { UserStream } from './user-stream.js';
import type { VenueBooks } from './venue-books.js';
import type { VenueClock } from './venue-clock.js';

export interface SimVenueParts {
  readonly process: SimProcess;
  readonly books: VenueBooks;
  readonly clock: VenueClock;
  readonly stream: UserStream;
  readonly rng: Rng;
  readonly weather: Weather;
  /** Told when a request leaves. */
  onLeft(request: OrderRequest, options: PlaceOptions): void;
  onCancelLeft(request: CancelRequest): void;
}

/** How one request fares. */
type Fate =
  | 'well'
  | 'lost'
  | 'late'
  | 'answer-lost'
  | 'refused'
  | 'failed'
  | 'failed-after'
  | 'unreadable'
  | 'unreadable-after';

const heldBack: PlaceOutcome = { kind: 'rejected', code: 'HELD_BACK', text: 'nothing was sent', retryable: true };
const patience = 3 * second;
/** Less than what execution waits for. */
const readLagMost = 4 * second;

/** The connection of one execution process to the venue, over a network that may do what it likes. Never repeats a placement. */
export class SimVenue extends ExecutionVenue {
  readonly venue = VenueId.of('sim');
  state: ExecutionVenue['state'] = 'disconnected';
  clockOffset: ExecutionVenue['clockOffset'] = null;

  constructor(private readonly parts: SimVenueParts) {
    super();
  }

  async open(listener: ExecutionListener): Promise<void> {
    await this.serverTime();
    await this.ask('listen', () => this.parts.stream.connect(this.parts.process, this, listener));
    this.state = 'connected';
  }

  /** It waits for the last trade, and hides nothing. */
  override lackOf(request: OrderRequest): Lack | null {
    const { trigger: waits, ...plain } = request;
    const isHeld = waits === undefined || (waits.kind !== 'trailing' && waits.source === 'last');
    return isHeld ? super.lackOf(plain) : 'trigger';
  }

  async place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome> {
    const { books, onLeft, process } = this.parts;
    if (options.mayLeave?.() === false) return heldBack;
    if (process.alive) onLeft(request, options);
    const points = { left: 'request-left', after: 'venue-answered' } as const;
    return this.send<PlaceOutcome>(points, () => books.place(request, options.expiresAt));
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    const { books, onCancelLeft, process } = this.parts;
    if (process.alive) onCancelLeft(request);
    const points = { left: 'cancel-left', after: 'cancel-answered' } as const;
    return this.send<CancelOutcome>(points, () => books.cancel(request.clientOrderId));
  }

  async lookup(clientOrderId: ClientOrderId, _instrumentId: InstrumentId, venueOrderId: VenueOrderId | null = null) {
    const { books } = this.parts;
    const look = (): VenueOrderView | 'not-found' => books.lookup(clientOrderId, venueOrderId, this.readableAt());
    return this.ask('look up', look, 'looked-up');
  }

  async openOrders(): Promise<readonly VenueOrderView[]> {
    return this.ask('open orders', () => this.parts.books.openAt(this.readableAt()), 'reconcile-begun');
  }

  async ordersFrom(_instrumentId: InstrumentId, from: VenueOrderId | null): Promise<readonly ListedOrder[]> {
    return this.ask('orders', () => this.parts.books.listedFrom(from, this.readableAt()));
  }

  async fillsSince(_instrumentId: InstrumentId, { since, fromTradeId }: FillsQuery): Promise<readonly VenueFill[]> {
    return this.ask('fills', () => this.parts.books.fillsFrom(since, fromTradeId, this.readableAt()));
  }

  async balances(): Promise<readonly Balance[]> {
    return this.ask('balances', () => this.parts.books.balancesAt(this.readableAt()));
  }

  async feeRates(instrumentId: InstrumentId): Promise<FeeRates> {
    return { instrumentId, makerFeeRate: '0.001', takerFeeRate: '0.001' };
  }

  async serverTime(): Promise<Timestamp> {
    const { process, clock } = this.parts;
    const began = process.clock.now();
    const told = await this.ask('time', () => clock.now());
    const ended = process.clock.now();
    const roundTrip = ended - began;
    this.clockOffset = { offset: told - began - roundTrip / 2, roundTrip, measuredAt: ended };
    return told;
  }

  venueTime(): Timestamp {
    return Timestamp.fromMicros(Math.round(this.parts.process.clock.now() + (this.clockOffset?.offset ?? 0)));
  }

  async close(): Promise<void> {
    this.state = 'closed';
  }

  /** Questions are answered by copies that may lie behind, mostly by the same one. */
  private readableAt(): Timestamp {
    const { clock, rng, weather } = this.parts;
    if (!weather.strikes('venue-lags')) return clock.now();
    const degree = rng.below(4) === 0 ? rng.next() : weather.degreeOf('venue-lags');
    return Timestamp.plus(clock.now(), -Math.floor(degree * readLagMost));
  }

  private async ask<T>(what: string, effect: () => T, after?: CrashPoint): Promise<T> {
    const { process, weather } = this.parts;
    const away = ['venue-lost', 'venue-fails', 'venue-refuses', 'venue-unreadable'] as const;
    const failing = away.find((kind) => weather.strikes(kind));
    if (failing !== undefined) {
      await process.pause(failing === 'venue-lost' ? patience : 40 * millisecond);
      throw new VenueUnreachable(this.venue, 'VENUE_UNREACHABLE', `${what}: ${failing}`);
    }
    return process.call({ after, there: this.way(), back: this.way(), effect });
  }

  private async send<Outcome extends PlaceOutcome | CancelOutcome>(
    points: { readonly left: CrashPoint; readonly after: CrashPoint },
    effect: () => Outcome,
  ): Promise<Outcome> {
    const { process, rng } = this.parts;
    const fate = this.fate();
    const arrives = fate === 'well' || fate === 'answer-lost' || fate.endsWith('-after');
    const there = fate === 'late' ? patience + rng.below(6 * second) : this.way();
    if (fate === 'late') {
      if (process.alive) process.time.after(there, null, () => void effect());
      await process.call({ left: points.left, there: patience, back: 0, effect: () => undefined });
      return answerOf(fate) as Outcome;
    }
    const back = fate === 'lost' || fate === 'answer-lost' ? patience : this.way();
    const outcome = await process.call({ ...points, there, back, effect: () => (arrives ? effect() : null) });
    return fate === 'well' && outcome !== null ? outcome : (answerOf(fate) as Outcome);
  }

  private fate(): Fate {
    const { weather, rng } = this.parts;
    const half = rng.below(2) === 0;
    if (weather.strikes('venue-lost')) return 'lost';
    if (weather.strikes('venue-late')) return 'late';
    if (weather.strikes('venue-answers-lost')) return 'answer-lost';
    if (weather.strikes('venue-refuses')) return 'refused';
    if (weather.strikes('venue-fails')) return half ? 'failed' : 'failed-after';
    if (weather.strikes('venue-unreadable')) return half ? 'unreadable' : 'unreadable-after';
    return 'well';
  }

  private way(): Micros {
    return 4 * millisecond + this.parts.rng.below(30 * millisecond);
  }
}

type Answer = Extract<PlaceOutcome, { kind: 'unknown' | 'rejected' }>;

/** What the adapter of a venue makes of an answer that is none. */
function answerOf(fate: Fate): Answer {
  if (fate === 'refused') return { kind: 'rejected', code: 'RATE_LIMITED', text: '429', retryable: true };
  if (fate === 'failed' || fate === 'failed-after') return { kind: 'unknown', code: 'VENUE_FAILURE', text: '503' };
  if (fate === 'unreadable' || fate === 'unreadable-after')
    return { kind: 'unknown', code: 'UNREADABLE_ANSWER', text: '<html>' };
  return { kind: 'unknown', code: 'TIMEOUT', text: 'no answer in time' };
}

/** One account at the venue. */
export class SimVenues extends Venues {
  readonly requestLifeMs = 5_000;
  readonly readLag = 5 * second;
  private held: readonly Balance[] = [];
  private asOf: Timestamp | null = null;

  constructor(
    private readonly account: Account,
    private readonly venue: ExecutionVenue,
  ) {
    super();
  }

  accounts(): readonly Account[] {
    return [this.account];
  }

  venueOf(accountId: AccountId): ExecutionVenue | null {
    return accountId === this.account.id ? this.venue : null;
  }

  balances(): readonly Balance[] {
    return this.held;
  }

  balancesAsOf(): Timestamp | null {
    return this.asOf;
  }

  rememberBalances(_accountId: AccountId, balances: readonly Balance[], asOf: Timestamp): void {
    this.held = balances;
    this.asOf = asOf;
  }

  close(): Promise<void> {
    return this.venue.close();
  }
}
