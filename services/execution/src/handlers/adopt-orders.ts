import { Injectable } from '@nestjs/common';
import type { Difference } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type BotId,
  ClientOrderId,
  type InstrumentId,
  isFinal,
  type OrderEvent,
  type OrderSlot,
  PlanId,
} from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import type { ExecutionVenue, ListedOrder, VenueFill, VenueOrderView } from '@scalpstorm/venue-api';
import { type Adopter, attemptsBefore, fillsOf, neverThere, requestOf } from '../domain/adopted.js';
import { type Comparison, repaired } from '../domain/differences.js';
import type { TrackedOrder } from '../domain/order-row.js';
import { ourFill } from '../domain/venue-events.js';
import { Ledger, type Traded } from '../ports/ledger.js';
import { Reconciliations } from '../ports/reconciliations.js';
import { ToldOrders } from '../ports/told-orders.js';
import { Venues } from '../ports/venues.js';
import { AlignOrder } from './align-order.js';
import { clockMargin } from './compare-fills.js';
import { lookUp } from './order-at-venue.js';
import { RefusedFills } from './refused-fills.js';

interface Unknown {
  readonly view: ListedOrder;
  /** Not null: asked for again before we looked, and ended here without being sent. */
  readonly tracked: TrackedOrder | null;
  readonly slot: OrderSlot;
  readonly adopter: Adopter;
}

/** Who carries out plans, which are as old as the books. */
export interface PlansOfBooks {
  /** Where plans of the account are open: the first order of one may be what the books lost. */
  instruments(accountId: AccountId): Promise<readonly InstrumentId[]>;
  /** Resolves when it is durable that the plan ends, because the venue has an order of it that the books do not know. */
  fallBehind(accountId: AccountId, planId: PlanId, clientOrderId: string): Promise<void>;
}
const noPlans: PlansOfBooks = { instruments: async () => [], fallBehind: async () => undefined };

/**
 * Books that are older than what the platform did: out of a back-up, or of a database that lost what it had confirmed. What the
 * venue took since under our ids is taken into the books as it is there, order by order in the venue's order and each with its fills
 * and its end, because that is how its bot lived it: a bot that remembers less hears its own past and goes on from there, and
 * whatever it asks for again under the same id is known and is not sent. Only before an account trades. Orders of plans are left where they
 * are: what their plan would do next the venue may have done already, so it ends, and nothing of it is sent any more.
 */
@Injectable()
export class AdoptOrders {
  /** The newest cycle of a bot that was found at the venue; as many as there are bots. */
  private readonly cycles = new Map<BotId, number>();
  /** Plans that are behind the venue, and whether their end is durable; as many as were open when the books were backed up. */
  private readonly behind = new Map<PlanId, boolean>();
  private plans = noPlans;

  constructor(
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly reconciliations: Reconciliations,
    private readonly alignOrder: AlignOrder,
    private readonly refusedFills: RefusedFills,
    private readonly told: ToldOrders,
    private readonly log: Log,
  ) {}

  /** Whose plans end when the venue has orders of them that the books do not know. */
  tell(plans: PlansOfBooks): void {
    this.plans = plans;
  }

  /** True for an order of a plan that is behind the venue. */
  isOfPlanBehind(clientOrderId: ClientOrderId): boolean {
    const planId = this.behind.size === 0 ? null : PlanId.slotOf(clientOrderId)?.planId;
    return planId !== null && planId !== undefined && this.behind.has(planId);
  }

  /** Orders at the venue that the books do not know. From the call on nothing of their plans is sent; resolves when those end durably. */
  async leavePlans(accountId: AccountId, orders: readonly Pick<VenueOrderView, 'clientOrderId'>[]): Promise<void> {
    for (const { clientOrderId } of orders) {
      const slot = PlanId.slotOf(clientOrderId);
      if (slot === null || this.behind.get(slot.planId)) continue;
      this.behind.set(slot.planId, false);
      this.log.warn({ accountId, clientOrderId }, 'the venue has an order of a plan that the books do not know');
      await this.plans.fallBehind(accountId, slot.planId, clientOrderId);
      this.behind.set(slot.planId, true);
    }
  }

  /** True for an order of a cycle that its bot has left behind, and only does not know yet. */
  isOver(clientOrderId: ClientOrderId): boolean {
    if (this.cycles.size === 0) return false;
    const slot = ClientOrderId.slotOf(clientOrderId);
    return slot !== null && slot.cycle < (this.cycles.get(slot.botId) ?? 0);
  }

  async adopt({ accountId }: Comparison, venue: ExecutionVenue): Promise<readonly Difference[]> {
    const differences: Difference[] = [];
    await this.endPlansBehind(accountId, venue);
    for (const traded of await this.ledger.traded(accountId)) {
      const from = await this.ledger.newestAtVenue(accountId, traded.instrumentId);
      const listed = await venue.ordersFrom(traded.instrumentId, from);
      const unknown = await this.unknownAmong(accountId, listed);
      if (unknown.length === 0) continue;
      // What is told again at the start comes before what is new here: a bot hears its orders one after the other.
      await this.told.delivered();
      differences.push(...(await this.takeIn(accountId, { traded, unknown, listed }, venue)));
    }
    if (differences.length > 0)
      this.log.warn(
        { accountId, orders: differences.length },
        'the venue has orders of ours that the books did not know',
      );
    return differences;
  }

  private async endPlansBehind(accountId: AccountId, venue: ExecutionVenue): Promise<void> {
    for (const instrumentId of await this.plans.instruments(accountId)) {
      const from = await this.ledger.newestAtVenue(accountId, instrumentId);
      const unknown: ListedOrder[] = [];
      for (const view of await venue.ordersFrom(instrumentId, from)) {
        if (PlanId.slotOf(view.clientOrderId) === null) continue;
        if ((await this.ledger.find(ClientOrderId.of(view.clientOrderId))) === null) unknown.push(view);
      }
      await this.leavePlans(accountId, unknown);
    }
  }

  private async unknownAmong(accountId: AccountId, listed: readonly ListedOrder[]): Promise<readonly Unknown[]> {
    const account = this.venues.accounts().find(({ id }) => id === accountId);
    const unknown: Unknown[] = [];
    for (const view of listed) {
      const slot = ClientOrderId.slotOf(view.clientOrderId);
      if (slot === null || account === undefined) continue;
      const tracked = await this.ledger.find(ClientOrderId.forSlot(slot));
      if (tracked !== null && !isBehind(tracked, view)) continue;
      const userId = tracked?.order.request.userId ?? (await this.ledger.ownerOf(accountId, slot.botId));
      if (userId === null) this.log.warn({ accountId, clientOrderId: view.clientOrderId }, ownerless);
      else unknown.push({ view, slot, tracked, adopter: { account, userId } });
    }
    return unknown;
  }

  private async takeIn(
    accountId: AccountId,
    { traded, unknown, listed }: Found,
    venue: ExecutionVenue,
  ): Promise<readonly Difference[]> {
    const fills = await this.fillsOf(accountId, traded, venue);
    await this.settleKnown(accountId, { traded, unknown, listed, fills }, venue);
    const differences: Difference[] = [];
    for (const [index, one] of unknown.entries())
      differences.push(await this.takeOne(one, { fills, since: unknown.slice(index + 1) }));
    return differences;
  }

  private async fillsOf(accountId: AccountId, { instrumentId, since }: Traded, venue: ExecutionVenue) {
    const mark = await this.reconciliations.fillMark(accountId, instrumentId);
    const from = { since: Timestamp.plus(since, -clockMargin) };
    return venue.fillsSince(instrumentId, mark === null ? from : { ...from, fromTradeId: mark });
  }

  /** What works in our books comes first: the venue went on with it before it took the others. */
  private async settleKnown(
    accountId: AccountId,
    { traded: { instrumentId }, unknown, listed, fills }: Found & { readonly fills: readonly VenueFill[] },
    venue: ExecutionVenue,
  ): Promise<void> {
    for (const tracked of this.ledger.working(accountId)) {
      const { clientOrderId, instrumentId: ordered } = tracked.order.request;
      if (ordered !== instrumentId) continue;
      const known = listed.find((view) => view.clientOrderId === clientOrderId);
      const view = known ?? (await lookUp(venue, tracked.order));
      if (view !== 'not-found') await this.bring(tracked, view, { fills, since: unknown });
    }
  }

  private async takeOne({ view, slot, tracked, adopter }: Unknown, story: Story): Promise<Difference> {
    const ours = tracked ?? (await this.admit(view, slot, adopter));
    const taken = await this.bring(ours, view, story);
    this.cycles.set(slot.botId, Math.max(slot.cycle, this.cycles.get(slot.botId) ?? 0));
    return repaired('order', adopter.account.id, {
      subject: `${view.instrumentId} order ${view.clientOrderId}`,
      ours: tracked?.order.status ?? 'unknown',
      theirs: view.status,
      decision: `taken into the books: ${taken?.order.status ?? 'unknown'}`,
    });
  }

  private async admit(view: ListedOrder, slot: OrderSlot, adopter: Adopter): Promise<TrackedOrder> {
    const request = requestOf(view, slot, adopter);
    const cause = { occurredAt: view.updatedAt, causedBy: null };
    for (const before of attemptsBefore(slot)) {
      const clientOrderId = ClientOrderId.forSlot(before);
      if (await this.ledger.find(clientOrderId)) continue;
      await this.ledger.admit({ ...request, clientOrderId }, { clientOrderId, events: [neverThere], ...cause });
    }
    const { clientOrderId } = request;
    const sending: OrderEvent = { kind: 'sending', attempt: 1, expiresAt: view.updatedAt };
    return (await this.ledger.admit(request, { clientOrderId, events: [sending], ...cause })).tracked;
  }

  /** Acceptance, fills, end. A bot that placed another one after it had canceled it itself; whoever cancels by hand stops the bot. */
  private async bring({ order }: TrackedOrder, view: VenueOrderView, { fills, since }: Story) {
    const { clientOrderId, accountId, botId } = order.request;
    const filled = fillsOf(fills, view).map(
      (fill): OrderEvent => ({ kind: 'filled', fill: ourFill(fill, clientOrderId) }),
    );
    const events: OrderEvent[] = [{ kind: 'accepted', venueOrderId: view.venueOrderId }, ...filled];
    const wentOn = since.some(({ slot }) => slot.botId === botId);
    if (view.status === 'canceled' && order.cancelReason === null && wentOn) events.push(ownCancel);
    const recorded = await this.ledger.record({ clientOrderId, events, occurredAt: view.updatedAt, causedBy: null });
    if (recorded === null) return null;
    await this.refusedFills.keep(accountId, recorded.refused);
    return (await this.alignOrder.align(recorded.tracked, view)).tracked;
  }
}

const isBehind = ({ order }: TrackedOrder, view: ListedOrder): boolean =>
  isFinal(order.status) && order.venueOrderId === null && view.filledQuantity > order.filledQuantity;

/** What the venue tells of all orders that may be taken in. */
interface Story {
  readonly fills: readonly VenueFill[];
  /** Those after this one. */
  readonly since: readonly Unknown[];
}

const ownCancel: OrderEvent = { kind: 'cancel-requested', cancelReason: 'replace' };

interface Found {
  readonly traded: Traded;
  readonly unknown: readonly Unknown[];
  readonly listed: readonly ListedOrder[];
}

const ownerless =
  'the venue has an order under an id of ours, and nobody knows whose bot it is: it is left alone. The bot was made after these ' +
  'books were backed up; look at the account at the venue.';
