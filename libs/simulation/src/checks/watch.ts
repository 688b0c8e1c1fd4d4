import type { OrderApproved, OrderDenied, OrderRequested } from '@scalpstorm/contracts';
import { checks, type Plan } from '@scalpstorm/engine';
import { contentOf, flowsOf, type StagedBatch } from '@scalpstorm/execution/simulation';
import { assert, second } from '@scalpstorm/kernel';
import {
  type BotId,
  type ClientOrderId,
  isFinal,
  type OrderRequest,
  PlanId,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import type { ChainMark } from '@scalpstorm/store';
import type { CancelRequest, VenueFill } from '@scalpstorm/venue-api';
import type { Message } from '../lane/broker.js';
import type { DatabaseWatch, ExecutionDatabase } from '../services/execution-database.js';
import type { SimProcess } from '../services/sim-process.js';
import type { VirtualTime } from '../time/virtual-time.js';
import { leftOf, type VenueBooks, type VenueOrder, type VenueWatch } from '../venue/venue-books.js';
import { changeOf, Exposure } from './exposure.js';
import type { Invariant, Violation } from './violation.js';

/** What an order that gives back may be denied for: what is wrong with itself, and no limit. */
const closingCodes: ReadonlySet<string> = new Set(
  checks.filter(({ closing }) => closing).flatMap(({ refusals }) => refusals.map(({ code }) => code)),
);
const marketAgeMax = 5 * second;
/** A clock that was put back stands still for as long; what is judged by it meanwhile is judged as if no time passed. */
const clockRest = 11 * second;
/** A trade that was left out of an end is told, or found, and heard by the gate by then. */
const tellsWithin = 4 * second;

interface Told {
  readonly kind: 'approved' | 'denied';
  /** Until when it holds; why it was denied may be said in other words. */
  readonly content: string;
}

export interface WatchParts {
  readonly time: VirtualTime;
  readonly rows: () => ExecutionDatabase;
  readonly venue: () => VenueBooks;
}

/** Looks at everything that the world does, by the venue's truth and by what was committed, the moment it happens. */
export class Watch implements VenueWatch, DatabaseWatch {
  readonly exposure = new Exposure();
  readonly violations: Violation[] = [];
  /** How often each was denied, by code. */
  readonly denials = new Map<string, number>();
  approvals = 0;
  /** Bots that a breaker has halted. */
  trips = 0;
  /** When the gate heard of the market last; null before it did in this life. */
  marketHeardAt: number | null = null;
  clockSteppedAt = Number.NEGATIVE_INFINITY;
  /** When the venue last left a trade out of an end that it told. */
  leftOutAt = Number.NEGATIVE_INFINITY;
  /** Every end that the chain of verdicts has ever had. */
  readonly chainEnds: ChainMark[] = [];
  private readonly plans = new Map<PlanId, bigint>();
  private readonly traded = new Map<PlanId, bigint>();
  private readonly atVenue = new Set<ClientOrderId>();
  private readonly closes = new Set<ClientOrderId>();
  private readonly verdicts = new Map<ClientOrderId, Told>();
  private readonly expiries = new Map<ClientOrderId, number>();
  /** By user, by bot, and of everybody: null. */
  private readonly halts = new Map<UserId | BotId | null, number>();
  private readonly positions = new Map<string, bigint>();
  private readonly flows = new Map<string, bigint>();

  constructor(private readonly parts: WatchParts) {}

  violated(invariant: Invariant, text: string): void {
    this.violations.push({ invariant, text, at: this.parts.time.elapsed / second });
  }

  // What the venue did.

  accepted(order: VenueOrder): void {
    const { clientOrderId, botId } = order.request;
    if (this.atVenue.has(clientOrderId)) this.violated('I1', `the venue took a second order ${clientOrderId}`);
    this.atVenue.add(clientOrderId);
    const ours = this.parts.rows().orders.get(clientOrderId)?.tracked.order;
    if (ours !== undefined && isFinal(ours.status))
      this.violated('I2', `the venue took ${clientOrderId}, which had ended here: ${ours.status}`);
    this.exposure.accepted(order);
    this.requireAsPlanned(order);
    if (botId !== null) this.requireWithin(botId, order.request.purpose);
  }

  filled(order: VenueOrder, fill: VenueFill): void {
    this.exposure.filled(order, fill);
    const { planId } = PlanId.slotOf(order.request.clientOrderId) ?? {};
    if (planId !== undefined) this.traded.set(planId, (this.traded.get(planId) ?? 0n) + fill.quantity);
  }

  /** Somebody wants it carried out. */
  planned({ id, terms }: Plan): void {
    this.plans.set(id, terms.quantity);
  }

  /** By the venue's fills. */
  tradedBy(planId: PlanId): bigint {
    return this.traded.get(planId) ?? 0n;
  }

  /** What is traded of a plan and what may be traded yet is no more than was wanted. */
  private requireAsPlanned({ request: { clientOrderId } }: VenueOrder): void {
    const { planId } = PlanId.slotOf(clientOrderId) ?? {};
    const wanted = planId === undefined ? undefined : this.plans.get(planId);
    if (planId === undefined || wanted === undefined) return;
    // Nobody can count what the venue has not told; when it does, the plan says that it is overfilled.
    if (this.parts.time.elapsed - this.leftOutAt < tellsWithin) return;
    const open = this.parts
      .venue()
      .open.filter(({ request }) => PlanId.slotOf(request.clientOrderId)?.planId === planId);
    const most = open.reduce((sum, order) => sum + leftOf(order), this.tradedBy(planId));
    if (most > wanted) this.violated('I1', `${planId} could come to trade ${most} of ${wanted}`);
  }

  ended(order: VenueOrder): void {
    this.exposure.ended(order);
  }

  // What left for the venue.

  requestLeft(process: SimProcess, { clientOrderId }: OrderRequest): void {
    const known = this.parts.rows().orders.get(clientOrderId)?.tracked;
    if (known === undefined || known.attempt === 0) {
      this.violated('I1', `the request of ${clientOrderId} left without a durable mark`);
    } else if (known.attempt === 1) {
      const expiresAt = this.expiries.get(clientOrderId);
      const isLate = expiresAt !== undefined && process.clock.now() > expiresAt;
      if (isLate) this.violated('I11', `the request of ${clientOrderId} left after its approval had expired`);
    }
  }

  cancelLeft({ clientOrderId }: CancelRequest): void {
    const order = this.parts.rows().orders.get(clientOrderId)?.tracked.order;
    if (order === undefined || (order.cancelReason === null && !isFinal(order.status))) {
      this.violated('I7', `a cancel of ${clientOrderId} left before its reason was durable`);
    }
  }

  // What the gate said.

  kept({ contract, event, sentAt }: Message): void {
    if (contract.name === 'OrderRequested') this.asked((event as OrderRequested).order);
    if (contract.name === 'OrderApproved') this.approved(event as OrderApproved, sentAt);
    if (contract.name === 'OrderDenied') this.denied(event as OrderDenied);
  }

  /** What was said first, whatever was written down of it. */
  firstVerdictOf(clientOrderId: string): Told['kind'] | null {
    return this.verdicts.get(clientOrderId as ClientOrderId)?.kind ?? null;
  }

  /** The gate has answered, or told, that it is durable. @param whose null: the whole platform's */
  halted(whose: UserId | BotId | null): void {
    this.halts.set(whose, this.parts.time.elapsed);
  }

  /** Somebody has asked for its release. */
  releasing(whose: UserId | BotId | null): void {
    this.halts.delete(whose);
  }

  /** As whoever asked for it said, whatever others make of it. */
  private asked({ clientOrderId, purpose }: OrderRequest): void {
    if (purpose === 'close') this.closes.add(clientOrderId);
  }

  private approved({ order, expiresAt }: OrderApproved, sentAt: number): void {
    const { clientOrderId, userId, botId } = order;
    const isFirst = this.told(clientOrderId, { kind: 'approved', content: String(expiresAt) });
    if (!isFirst) return;
    this.approvals += 1;
    this.expiries.set(clientOrderId, expiresAt);
    if (this.closes.has(clientOrderId)) return;
    for (const whose of botId === null ? [null, userId] : [null, userId, botId]) {
      const since = this.halts.get(whose);
      if (since !== undefined && sentAt > since) this.violated('I8', `${clientOrderId} was approved after a halt`);
    }
    const { time } = this.parts;
    const heard = this.marketHeardAt;
    if (time.elapsed - this.clockSteppedAt < clockRest) return;
    if (heard === null || sentAt - heard > marketAgeMax) {
      this.violated('I11', `${clientOrderId} was approved without a price of the last five seconds`);
    }
  }

  private denied({ order, denial }: OrderDenied): void {
    const { clientOrderId } = order;
    if (!this.told(clientOrderId, { kind: 'denied', content: '' })) return;
    this.denials.set(denial.code, (this.denials.get(denial.code) ?? 0) + 1);
    if (this.closes.has(clientOrderId) && !closingCodes.has(denial.code)) {
      this.violated('I8', `the close ${clientOrderId} was denied: ${denial.code}`);
    }
  }

  /** True for the first. */
  private told(clientOrderId: ClientOrderId, verdict: Told): boolean {
    const first = this.verdicts.get(clientOrderId);
    if (first === undefined) {
      this.verdicts.set(clientOrderId, verdict);
      return true;
    }
    const isSame = first.kind === verdict.kind && first.content === verdict.content;
    if (!isSame) {
      const words = `${first.kind} ${first.content}, then ${verdict.kind} ${verdict.content}`;
      this.violated('I2', `${clientOrderId} has two verdicts: ${words}`);
    }
    return false;
  }

  // What is about to be committed.

  committing(batch: StagedBatch, token: bigint, current: bigint): void {
    if (token !== current) this.violated('I1', `a writer with token ${token} wrote where ${current} is the newest`);
    this.requireLegal(batch);
    for (const fill of batch.fills) this.requireTraded(fill);
    for (const { event, order } of batch.events) {
      const blocked = event.kind === 'denied' && event.reason.code === 'TRADING_HALTED';
      if (blocked && order.request.purpose === 'close')
        this.violated('I8', `the close ${order.request.clientOrderId} was held back by a halt`);
    }
    this.requireSums(batch);
  }

  private requireLegal({ events }: StagedBatch): void {
    const rows = this.parts.rows();
    const before = new Map<ClientOrderId, { status: string; version: number; filled: bigint }>();
    for (const { event, order } of events) {
      const { clientOrderId, quantity } = order.request;
      const stored = rows.orders.get(clientOrderId)?.tracked.order;
      const last = before.get(clientOrderId) ?? {
        status: stored?.status ?? 'initialized',
        version: stored?.version ?? 0,
        filled: stored?.filledQuantity ?? 0n,
      };
      const wasFinal = stored !== undefined && isFinal(last.status as typeof order.status);
      if (order.version !== last.version + 1) this.violated('I7', `${clientOrderId} skips a version`);
      if (wasFinal && event.kind !== 'filled') this.violated('I7', `${clientOrderId} was final and is ${order.status}`);
      if (order.filledQuantity < last.filled || order.filledQuantity > quantity)
        this.violated('I7', `${clientOrderId} is filled ${Quantity.format(order.filledQuantity)}`);
      if (isFinal(order.status) && !wasFinal) this.requireOver(clientOrderId, order.status);
      before.set(clientOrderId, { status: order.status, version: order.version, filled: order.filledQuantity });
    }
  }

  /** Unknown is not rejected: what ends here has ended at the venue. */
  private requireOver(clientOrderId: ClientOrderId, status: string): void {
    const there = this.parts.venue().open.some(({ request }) => request.clientOrderId === clientOrderId);
    if (there) this.violated('I2', `${clientOrderId} is ${status} here and works at the venue`);
  }

  private requireTraded(fill: StagedBatch['fills'][number]): void {
    const traded = this.parts.venue().fills[Number(fill.tradeId) - 1];
    const same =
      traded !== undefined && contentOf({ ...traded, clientOrderId: fill.clientOrderId }) === contentOf(fill);
    if (!same || traded.clientOrderId !== fill.clientOrderId)
      this.violated('I3', `trade ${fill.tradeId} of ${fill.clientOrderId} is booked, and the venue has no such trade`);
  }

  private requireSums({ fills, positions, orders }: StagedBatch): void {
    const rows = this.parts.rows();
    for (const fill of fills) {
      const request = (orders.get(fill.clientOrderId) ?? rows.orders.get(fill.clientOrderId))?.tracked.order.request;
      assert(request !== undefined, 'a fill of an order that nobody has');
      const key = request.botId ?? '';
      this.positions.set(key, (this.positions.get(key) ?? 0n) + changeOf(fill));
      for (const [currency, amount] of flowsOf(fill)) {
        this.flows.set(currency, (this.flows.get(currency) ?? 0n) + amount);
      }
    }
    for (const { botId, quantity } of positions.values()) {
      const sum = this.positions.get(botId ?? '') ?? 0n;
      if (sum !== quantity) this.violated('I4', `bot ${botId} holds ${quantity}, its fills add up to ${sum}`);
    }
  }

  /** By the fills that were committed, summed here. */
  get booked(): { readonly positions: ReadonlyMap<string, bigint>; readonly flows: ReadonlyMap<string, bigint> } {
    return { positions: this.positions, flows: this.flows };
  }

  /** When an order is taken: what was open and is traded could as much have come to be held before, so a fill adds nothing. */
  private requireWithin(botId: BotId, purpose: OrderRequest['purpose']): void {
    // Nobody can count what the venue has not told.
    if (this.parts.time.elapsed - this.leftOutAt < tellsWithin) return;
    const excess = purpose === 'open' ? this.exposure.excess(botId) : this.exposure.oversold(botId);
    if (excess !== null) this.violated('I6', excess);
  }
}
