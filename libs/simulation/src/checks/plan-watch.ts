import type { Plan } from '@scalpstorm/engine';
import { PlanId, Quantity, type UserId } from '@scalpstorm/model';
import type { VenueFill } from '@scalpstorm/venue-api';
import { type VenueBooks } from '../venue/venue-books.js';
import { leftOf, type VenueOrder } from '../venue/venue-order.js';
import { changeOf } from './exposure.js';
import type { LeftOutTrade } from './left-out.js';
import type { Violated } from './violation.js';

/** What is traded of a plan, by the venue's fills. */
export class PlanWatch {
  private readonly plans = new Map<PlanId, bigint>();
  private readonly held = new Map<UserId, Quantity>();
  private readonly traded = new Map<PlanId, bigint>();

  constructor(
    private readonly venue: () => VenueBooks,
    private readonly violated: Violated,
  ) {}

  filled(order: VenueOrder, fill: VenueFill): void {
    const { botId, userId } = order.request;
    if (botId === null) this.held.set(userId, Quantity.plus(this.heldBy(userId), changeOf(fill)));
    const planId = planOf(order);
    if (planId !== undefined) this.traded.set(planId, this.tradedBy(planId) + fill.quantity);
  }

  /** Somebody wants it carried out. */
  planned({ id, terms }: Plan): void {
    // What a bracket trades has two sides, see `BracketWatch`.
    if (terms.kind !== 'bracket') this.plans.set(id, terms.quantity);
  }

  /** What the orders of a user that no bot placed have left, by the venue's fills. */
  heldBy(userId: UserId): Quantity {
    return this.held.get(userId) ?? Quantity.zero;
  }

  /** By the venue's fills. */
  tradedBy(planId: PlanId): bigint {
    return this.traded.get(planId) ?? 0n;
  }

  /**
   * What is traded of a plan and what may be traded yet is no more than was wanted.
   * @param untold what nobody could count when the order was judged; when it is told, the plan says that it is overfilled
   */
  accepted(order: VenueOrder, untold: readonly LeftOutTrade[]): void {
    const planId = planOf(order);
    const wanted = planId === undefined ? undefined : this.plans.get(planId);
    if (planId === undefined || wanted === undefined) return;
    const open = this.venue().open.filter((one) => planOf(one) === planId);
    const unknown = untold.filter((trade) => planOf(trade.order) === planId);
    const traded = unknown.reduce((sum, { fill }) => sum - fill.quantity, this.tradedBy(planId));
    const most = open.reduce((sum, one) => sum + leftOf(one), traded);
    if (most > wanted) this.violated('I1', `${planId} could come to trade ${most} of ${wanted}`);
  }
}

const planOf = ({ request }: VenueOrder): PlanId | undefined => PlanId.slotOf(request.clientOrderId)?.planId;
