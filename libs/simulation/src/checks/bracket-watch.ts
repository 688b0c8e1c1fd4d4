import type { Plan } from '@scalpstorm/engine';
import { type Micros, millisecond, second } from '@scalpstorm/kernel';
import { isPlanOver, notional, PlanId, Quantity } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import type { ExecutionDatabase } from '../services/execution-database.js';
import { middlePrice, theInstrument } from '../services/stage.js';
import type { VirtualTime } from '../time/virtual-time.js';
import type { VenueBooks } from '../venue/venue-books.js';
import { leftOf, type VenueOrder } from '../venue/venue-order.js';
import { changeOf } from './exposure.js';
import type { LeftOutTrade } from './left-out.js';
import type { Violated } from './violation.js';

const looksEvery = 500 * millisecond;
/**
 * So long something may be held without a stop or a close at the venue when nothing goes wrong any more. A stop that was marked and never
 * left is sent again when its request has expired and the venue's readers can not lie behind any more (11 s). Among faults one may follow another, and
 * where the venue keeps no ids an account that recovers waits so long for each order in doubt: there is no bound but that of I13.
 */
const bareMax = 15 * second;

interface Bracket {
  readonly quantity: bigint;
  /** By the venue's fills, before fees: of the entry, and of its exits. */
  entered: bigint;
  left: bigint;
  held: Quantity;
  bareSince: Micros | null;
}

export interface BracketWatchParts {
  /** The venue tells orders by its own ids alone. */
  readonly keepsNoIds: boolean;
  readonly time: VirtualTime;
  readonly rows: () => ExecutionDatabase;
  readonly venue: () => VenueBooks;
}

/** What people plan with a stop: exits close no more than the entry has filled, and what is held is not without one for long. */
export class BracketWatch {
  /** Since when nothing goes wrong any more; null: not yet. */
  calmSince: Micros | null = null;
  /** How often something held had its stop at the venue when it was looked at. */
  covered = 0;
  private readonly brackets = new Map<PlanId, Bracket>();

  constructor(
    private readonly parts: BracketWatchParts,
    private readonly violated: Violated,
  ) {}

  planned({ id, terms }: Plan): void {
    if (terms.kind !== 'bracket' || this.brackets.has(id)) return;
    this.brackets.set(id, { quantity: terms.quantity, entered: 0n, left: 0n, held: Quantity.zero, bareSince: null });
    if (this.brackets.size === 1) this.look();
  }

  filled(order: VenueOrder, fill: VenueFill): void {
    const bracket = this.of(order);
    if (bracket === undefined) return;
    if (isEntry(order)) bracket.entered += fill.quantity;
    else bracket.left += fill.quantity;
    bracket.held = Quantity.plus(bracket.held, changeOf(fill));
  }

  /** @param untold what nobody could count when the order was judged */
  accepted(order: VenueOrder, untold: readonly LeftOutTrade[]): void {
    const bracket = this.of(order);
    if (bracket === undefined) return;
    const { planId } = PlanId.slotOf(order.request.clientOrderId) ?? {};
    const beside = this.openOf(planId).filter((one) => isEntry(one) === isEntry(order));
    const unknown = untold.filter(
      (trade) => this.of(trade.order) === bracket && isEntry(trade.order) === isEntry(order),
    );
    const open = beside.reduce((sum, one) => sum + leftOf(one), 0n);
    const traded = unknown.reduce(
      (sum, { fill }) => sum - fill.quantity,
      isEntry(order) ? bracket.entered : bracket.left,
    );
    const most = isEntry(order) ? bracket.quantity : bracket.entered;
    if (open + traded > most) this.violated('I6', `${planId} could come to trade ${open + traded}, at most ${most}`);
  }

  private look(): void {
    const { time, rows } = this.parts;
    time.after(looksEvery, null, () => this.look());
    for (const [planId, bracket] of this.brackets) {
      const plan = rows().plans.get(planId)?.plan;
      const isJudged = plan !== undefined && !isPlanOver(plan.status) && !plan.canceling;
      const isBare = isJudged && this.isBare(planId, bracket);
      bracket.bareSince = isBare ? (bracket.bareSince ?? time.elapsed) : null;
      if (isJudged && !isBare && bracket.held > 0n) this.covered += 1;
      if (isBare && this.isTooLong(bracket.bareSince ?? time.elapsed))
        this.violated('I6', `${planId} holds ${bracket.held} without a stop for too long`);
    }
  }

  private isTooLong(since: Micros): boolean {
    const { time, keepsNoIds } = this.parts;
    if (keepsNoIds || this.calmSince === null) return false;
    return time.elapsed - Math.max(since, this.calmSince) > bareMax;
  }

  private isBare(planId: PlanId, { held }: Bracket): boolean {
    const exits = this.openOf(planId).filter((order) => !isEntry(order));
    const bare = exits.reduce((sum, order) => sum - leftOf(order), held as bigint);
    const quantity = Quantity.floorTo(Quantity.max(Quantity.fromUnits(bare), Quantity.zero), theInstrument.stepSize);
    // As much as the venue takes an order of, at any price of a run.
    const { notionalMin, quote } = theInstrument;
    return notional(middlePrice, quantity, quote).amount > notionalMin.amount * 2n;
  }

  private openOf(planId: PlanId | undefined): readonly VenueOrder[] {
    const isOf = ({ request }: VenueOrder) => PlanId.slotOf(request.clientOrderId)?.planId === planId;
    return this.parts.venue().open.filter(isOf);
  }

  private of({ request }: VenueOrder): Bracket | undefined {
    const { planId } = PlanId.slotOf(request.clientOrderId) ?? {};
    return planId === undefined ? undefined : this.brackets.get(planId);
  }
}

const isEntry = ({ request }: VenueOrder): boolean => PlanId.slotOf(request.clientOrderId)?.leg === 'entry';
