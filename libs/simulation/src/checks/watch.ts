import type { StagedBatch } from '@scalpstorm/execution/simulation';
import { second } from '@scalpstorm/kernel';
import { type ClientOrderId, isFinal, type OrderRequest } from '@scalpstorm/model';
import type { ChainMark } from '@scalpstorm/store';
import type { CancelRequest, VenueFill } from '@scalpstorm/venue-api';
import type { DatabaseWatch, ExecutionDatabase } from '../services/execution-database.js';
import type { SimProcess } from '../services/sim-process.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { VenueBooks } from '../venue/venue-books.js';
import type { VenueWatch } from '../venue/venue-news.js';
import { type VenueOrder } from '../venue/venue-order.js';
import { BracketWatch } from './bracket-watch.js';
import { CommitWatch } from './commit-watch.js';
import { Endings } from './endings.js';
import { Exposure } from './exposure.js';
import { Gaps } from './gaps.js';
import { LeftOut } from './left-out.js';
import { PlanWatch } from './plan-watch.js';
import { VerdictWatch } from './verdict-watch.js';
import type { Invariant, Violation } from './violation.js';

export interface WatchParts {
  readonly time: VirtualTime;
  readonly keepsNoIds: boolean;
  readonly rows: () => ExecutionDatabase;
  readonly venue: () => VenueBooks;
}

/** Looks at everything that the world does, by the venue's truth and by what was committed, the moment it happens. */
export class Watch implements VenueWatch, DatabaseWatch {
  readonly exposure = new Exposure();
  readonly violations: Violation[] = [];
  readonly verdicts: VerdictWatch;
  readonly commits: CommitWatch;
  readonly plans: PlanWatch;
  readonly brackets: BracketWatch;
  readonly gaps: Gaps;
  readonly endings: Endings;
  readonly untold: LeftOut;
  /** Every end that the chain of verdicts has ever had. */
  readonly chainEnds: ChainMark[] = [];
  private readonly atVenue = new Set<ClientOrderId>();
  /** When execution first marked each, and judged whether what it closes is held. */
  private readonly markedAt = new Map<ClientOrderId, number>();
  /** When a plan first asked for each. */
  private readonly askedAt = new Map<ClientOrderId, number>();

  constructor(private readonly parts: WatchParts) {
    const { time, venue } = parts;
    const violated = this.violated.bind(this);
    this.verdicts = new VerdictWatch(time, violated);
    this.commits = new CommitWatch({ ...parts, renamed: this.renamed.bind(this) }, violated);
    this.plans = new PlanWatch(venue, violated);
    this.brackets = new BracketWatch(parts, violated);
    this.endings = new Endings(time);
    this.untold = new LeftOut(time);
    this.gaps = new Gaps(time);
  }

  violated(invariant: Invariant, text: string): void {
    this.violations.push({ invariant, text, at: this.parts.time.elapsed / second });
  }

  // What the venue did.

  accepted(order: VenueOrder): void {
    const { clientOrderId, purpose } = order.request;
    if (this.atVenue.has(clientOrderId)) this.violated('I1', `the venue took a second order ${clientOrderId}`);
    this.atVenue.add(clientOrderId);
    const ours = this.parts.rows().orders.get(clientOrderId)?.tracked.order;
    if (ours !== undefined && isFinal(ours.status))
      this.violated('I2', `the venue took ${clientOrderId}, which had ended here: ${ours.status}`);
    if (purpose === 'open') this.verdicts.requireNoHalt(order.request);
    this.exposure.accepted(order);
    const untoldToPlan = this.untold.untoldTo('execution', this.decidedAt(this.askedAt, clientOrderId));
    this.plans.accepted(order, untoldToPlan);
    this.brackets.accepted(order, untoldToPlan);
    // When an order is taken: what was open and is traded could as much have come to be held before, so a fill adds nothing.
    const untold =
      purpose === 'open'
        ? this.untold.untoldTo('risk-gate', this.verdicts.judgedAt(clientOrderId))
        : this.untold.untoldTo('execution', this.decidedAt(this.markedAt, clientOrderId));
    const excess = this.exposure.excessOf(order.request, untold);
    if (excess !== null) this.violated('I6', excess);
  }

  filled(order: VenueOrder, fill: VenueFill): void {
    this.exposure.filled(order, fill);
    this.plans.filled(order, fill);
    this.brackets.filled(order, fill);
  }

  leftOut(order: VenueOrder, fill: VenueFill): void {
    this.untold.add(order, fill);
  }

  ended(order: VenueOrder): void {
    this.exposure.ended(order);
  }

  // What left for the venue.

  requestLeft(process: SimProcess, { clientOrderId, purpose }: OrderRequest): void {
    const known = this.parts.rows().orders.get(clientOrderId)?.tracked;
    if (known === undefined || known.attempt === 0) {
      this.violated('I1', `the request of ${clientOrderId} left without a durable mark`);
    } else if (known.attempt === 1) {
      const expiresAt = this.verdicts.expiryOf(clientOrderId);
      const isLate = expiresAt !== undefined && process.clock.now() > expiresAt;
      if (isLate) this.violated('I11', `the request of ${clientOrderId} left after its approval had expired`);
    }
    if (purpose === 'open' && this.gaps.isOpen(process))
      this.violated('I11', `${clientOrderId} was sent when nobody knew what the stream had missed`);
  }

  cancelLeft({ clientOrderId }: CancelRequest): void {
    const order = this.parts.rows().orders.get(clientOrderId)?.tracked.order;
    if (order === undefined || (order.cancelReason === null && !isFinal(order.status))) {
      this.violated('I7', `a cancel of ${clientOrderId} left before its reason was durable`);
    }
  }

  /** Now for one of which nobody said so. */
  private decidedAt(times: ReadonlyMap<ClientOrderId, number>, clientOrderId: ClientOrderId): number {
    return times.get(clientOrderId) ?? this.parts.time.elapsed;
  }

  private renamed(from: ClientOrderId, to: ClientOrderId): void {
    if (!this.atVenue.has(to)) this.atVenue.delete(from);
    this.atVenue.add(to);
  }

  // What is about to be committed.

  committing(batch: StagedBatch, token: bigint, current: bigint): void {
    for (const { tradeId } of batch.fills) this.untold.booked(tradeId);
    for (const { event, order } of batch.events) if (event.kind === 'sending') this.first(this.markedAt, order.request);
    this.commits.committing(batch, token, current);
  }

  /** A plan asks for an order; the first verdict stands. */
  asking(request: OrderRequest): void {
    this.first(this.askedAt, request);
  }

  private first(times: Map<ClientOrderId, number>, { clientOrderId }: OrderRequest): void {
    if (!times.has(clientOrderId)) times.set(clientOrderId, this.parts.time.elapsed);
  }
}
