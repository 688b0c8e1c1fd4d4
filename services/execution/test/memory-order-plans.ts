import type { Plan, PlanDecision } from '@scalpstorm/engine';
import { BrokenInvariant } from '@scalpstorm/kernel';
import { type Activity, type ClientOrderId, isPlanOver, type PlanId, type UserId } from '@scalpstorm/model';
import { CommitUnknown } from '@scalpstorm/store';
import { planFromText, planText } from '../src/domain/plan-body.js';
import { OrderPlans, type PlanList, type StoredPlan } from '../src/ports/order-plans.js';
import type { Mortal, PlanWorld } from './plan-world.js';

/** Plans as they survive every death: a stale version is refused, as the database does, and that is kept for the spec to see. */
export class MemoryOrderPlans extends OrderPlans {
  /** So many of the next new plans are stored, and nobody hears of it. */
  answersLost = 0;

  constructor(
    private readonly world: PlanWorld,
    private readonly mortal: Mortal,
  ) {
    super();
  }

  async add(plan: Plan, told: Activity | null): Promise<StoredPlan> {
    await this.mortal.point();
    if (!this.world.plans.has(plan.id)) {
      this.world.plans.set(plan.id, { text: planText(plan), version: 0 });
      if (told !== null) this.world.told.push(told);
    }
    await this.mortal.point();
    if (this.answersLost > 0) {
      this.answersLost -= 1;
      throw new CommitUnknown('the connection was lost while committing');
    }
    return this.rowOf(plan.id);
  }

  async save(stored: StoredPlan, next: Plan, asks: PlanDecision['asks'], told: Activity | null): Promise<StoredPlan> {
    await this.mortal.point();
    const version = this.world.plans.get(next.id)?.version;
    if (version !== stored.version) {
      this.world.broken.push(`version ${version} of ${next.id} in the place of ${stored.version}`);
      throw new Error(`version ${version} of a plan in the place of ${stored.version}`);
    }
    this.world.plans.set(next.id, { text: planText(next), version: version + 1 });
    this.world.asked.push(...asks);
    if (told !== null) this.world.told.push(told);
    await this.mortal.point();
    return { ...stored, plan: next, version: version + 1 };
  }

  async read(planId: PlanId): Promise<StoredPlan | null> {
    return this.world.forgotten.has(planId) ? null : this.rowOf(planId);
  }

  override async isForgotten(planId: PlanId): Promise<boolean> {
    return this.world.forgotten.has(planId);
  }

  /** Over for so long that it goes, and its id stays. */
  forget(planId: PlanId): void {
    this.world.plans.delete(planId);
    this.world.forgotten.add(planId);
  }

  private rowOf(planId: PlanId): StoredPlan {
    const row = this.world.plans.get(planId);
    if (row === undefined) throw new BrokenInvariant(`no plan ${planId}`);
    return { plan: planFromText(row.text), version: row.version, sequence: 1n };
  }

  async open(): Promise<readonly StoredPlan[]> {
    const all = [...this.world.plans.keys()].map((id) => this.rowOf(id));
    return all.filter(({ plan }) => !isPlanOver(plan.status));
  }

  async behind(): Promise<readonly StoredPlan[]> {
    const all = [...this.world.plans.keys()].map((id) => this.rowOf(id));
    const filledOf = (id: ClientOrderId) => this.world.orders.orders.get(id)?.tracked.order.filledQuantity ?? 0n;
    return all.filter(
      ({ plan }) => isPlanOver(plan.status) && plan.children.some((one) => filledOf(one.clientOrderId) > one.filled),
    );
  }

  async find(_userId: UserId, planId: PlanId): Promise<StoredPlan | null> {
    return this.world.plans.has(planId) ? this.rowOf(planId) : null;
  }

  async list(_wanted: PlanList): Promise<readonly StoredPlan[]> {
    return [...this.world.plans.keys()].map((id) => this.rowOf(id));
  }
}
