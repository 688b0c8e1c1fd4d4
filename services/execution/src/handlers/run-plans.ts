import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import {
  decidePlan,
  type EndingLevel,
  isLive,
  type Plan,
  type PlanDecision,
  reopened,
  withDenial,
  withOrderBehind,
  withWithdrawal,
} from '@scalpstorm/engine';
import { second } from '@scalpstorm/kernel';
import {
  type AccountId,
  type Activity,
  isPlanOver,
  type Order,
  PlanId,
  type Reason,
  type ScopeMember,
} from '@scalpstorm/model';
import { Log, stopOnBrokenInvariant, WallClock } from '@scalpstorm/observability';
import { planActivity } from '../domain/plan-activity.js';
import { uncoveredStop } from '../domain/uncovered-stop.js';
import { Ledger } from '../ports/ledger.js';
import type { LostStops } from '../ports/lost-stops.js';
import { OrderPlans, type StoredPlan } from '../ports/order-plans.js';
import { Venues } from '../ports/venues.js';
import { DropChild } from './drop-child.js';
import { PlanMarkets } from './plan-markets.js';
import { inTurn, type RunningPlan, runningPlan } from './running-plan.js';

const everyMs = 250;
/** A plan comes to rest after a few; one that does not goes on with the next look. */
const turnsMax = 8;
/** A cancel that the venue refused, or that got lost, leaves again after this. */
const cancelEvery = second;

type Changed = (plan: Plan) => Plan;

/** What stands over plans. */
interface PlanRule {
  /** Whose word ends them, see `TradingHalts`. */
  endingOver(member: ScopeMember): EndingLevel | null;
  /** Something that closes can be sent for the account. */
  mayClose(accountId: AccountId): boolean;
}

/**
 * Carries plans out. Everything that is decided is a pure function of the plan and its orders (`engine/plans`): its next version and
 * what it asks the gate for are one commit, so a restart finds both or neither; a cancel is wanted in the plan before it leaves. A plan
 * is looked at when one of its orders changes, when its target may be reached, and four times a second.
 */
@Injectable()
export class RunPlans implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly running = new Map<PlanId, RunningPlan>();
  private readonly loaded = new Map<AccountId, Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private rule: PlanRule = { endingOver: () => null, mayClose: () => true };

  constructor(
    private readonly plans: OrderPlans,
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly markets: PlanMarkets,
    private readonly dropChild: DropChild,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {
    ledger.follow((order) => this.onOrder(order));
    markets.follow((instrumentId) => this.onMarket(instrumentId));
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.look(), everyMs);
  }

  onApplicationShutdown(): void {
    if (this.timer) clearInterval(this.timer);
  }

  obey(rule: PlanRule): void {
    this.rule = rule;
  }

  /** Takes up the plans of accounts that are open here, and looks at each. */
  look(): void {
    for (const { id } of this.venues.accounts()) {
      if (this.ledger.isOpen(id)) this.load(id).catch((error) => this.complain(error, { accountId: id }));
    }
    for (const id of this.running.keys()) this.wake(id);
  }

  /** Stores a new plan and begins with it; one that is known under its id is given back as it is. @param told to its user, with a new one */
  async start(plan: Plan, told: Activity | null = null): Promise<StoredPlan> {
    await this.load(plan.accountId);
    const stored = await this.plans.add(plan, told).catch((error) => {
      // It may be stored all the same: the next look reads what there is.
      this.loaded.delete(plan.accountId);
      throw error;
    });
    return this.carryOn(stored);
  }

  /** Whoever meets a plan that is not over sees to it that it is carried out: who stored it may never have heard that it was. */
  async carryOn(stored: StoredPlan): Promise<StoredPlan> {
    const { plan } = stored;
    if (isPlanOver(plan.status) || !this.ledger.isOpen(plan.accountId)) return stored;
    await this.load(plan.accountId);
    if (!this.running.has(plan.id)) await this.takeUp(plan);
    return stored;
  }

  /** Resolves when it is durable that the plan is not wanted any more. */
  async cancel(stored: StoredPlan): Promise<void> {
    await this.carryOn(stored);
    await this.change(stored.plan.id, (plan) => ({ ...plan, canceling: true }));
  }

  /** The gate has refused one of its orders. Resolves when that is durable; it is nothing to plans that are over. */
  async deny({ clientOrderId, accountId }: Pick<Order['request'], 'clientOrderId' | 'accountId'>, why: Reason) {
    const slot = PlanId.slotOf(clientOrderId);
    if (slot === null) return;
    await this.load(accountId);
    await this.change(slot.planId, (plan) => withDenial(plan, clientOrderId, why));
  }

  /** The venue has an order of it that the books do not know. Resolves when it is durable that the plan ends with that. */
  async fallBehind(accountId: AccountId, planId: PlanId, clientOrderId: string): Promise<void> {
    await this.load(accountId);
    await this.change(planId, (plan) => withOrderBehind(plan, clientOrderId));
  }

  /** The plans of an account that are not over, as they were decided last. */
  async openOf(accountId: AccountId): Promise<readonly Plan[]> {
    await this.load(accountId);
    const read = [...this.running].map(([id, running]) => inTurn(running, () => this.storedOf(running, id)));
    const plans = (await Promise.all(read)).flatMap((stored) => stored?.plan ?? []);
    return plans.filter((plan) => plan.accountId === accountId && !isPlanOver(plan.status));
  }

  /** What the open plans of an account hold without a stop at work, whatever became of it: refused, denied, or on its way. */
  uncovered(account: AccountId): readonly Omit<LostStops, 'told'>[] {
    const plans = [...this.running.values()].flatMap(({ stored }) => stored?.plan ?? []);
    return plans.flatMap((plan) => (plan.accountId === account ? (uncoveredStop(plan) ?? []) : []));
  }

  /** Resolves when everything that is known by now is decided; for specs. */
  async settled(): Promise<void> {
    await Promise.all([...this.running.values()].map(({ tail }) => tail));
  }

  private load(accountId: AccountId): Promise<void> {
    const known = this.loaded.get(accountId);
    if (known !== undefined) return known;
    const loading = this.loadNow(accountId);
    this.loaded.set(accountId, loading);
    loading.catch(() => this.loaded.delete(accountId));
    return loading;
  }

  private async loadNow(accountId: AccountId): Promise<void> {
    for (const { plan } of [...(await this.plans.open(accountId)), ...(await this.plans.behind(accountId))])
      await this.takeUp(plan);
  }

  private async takeUp(plan: Plan): Promise<void> {
    await this.readOrders(plan, this.take(plan));
    this.wake(plan.id);
  }

  private take({ id, instrumentId }: Pick<Plan, 'id' | 'instrumentId'>): RunningPlan {
    const running = this.running.get(id) ?? runningPlan(instrumentId);
    this.running.set(id, running);
    return running;
  }

  /** What became of its orders while nobody followed them; one that changes meanwhile is told besides. */
  private async readOrders({ children }: Plan, { orders }: RunningPlan): Promise<void> {
    // A fill may have come after the end, and the plan not have been told before we went down.
    for (const { clientOrderId } of children.filter(({ filled, quantity }) => filled < quantity)) {
      const known = await this.ledger.find(clientOrderId);
      if (known === null) continue;
      if ((orders.get(clientOrderId)?.version ?? 0) < known.order.version) orders.set(clientOrderId, known.order);
    }
  }

  private onOrder(order: Order): void {
    const { clientOrderId, accountId, instrumentId } = order.request;
    const slot = PlanId.slotOf(clientOrderId);
    if (slot === null) return;
    // A fill that comes after the plan is over; while its plans are not loaded, whoever loads them finds it.
    const isLate = order.filledQuantity > 0n && this.loaded.has(accountId);
    const running = this.running.get(slot.planId) ?? (isLate ? this.take({ id: slot.planId, instrumentId }) : null);
    if (running === null) return;
    running.orders.set(clientOrderId, order);
    this.wake(slot.planId);
  }

  /** Most prices change nothing: only what would is decided. */
  private onMarket(instrumentId: Plan['instrumentId']): void {
    for (const [id, running] of this.running) {
      const plan = running.stored?.plan;
      if (plan?.instrumentId === instrumentId && this.decide(plan, running).plan !== plan) this.wake(id);
    }
  }

  private decide(plan: Plan, { orders }: RunningPlan): PlanDecision {
    const now = this.clock.now();
    const prices = this.markets.prices(plan.instrumentId, now);
    const halt = this.rule.endingOver({ ...plan, botId: null });
    const mayClose = this.rule.mayClose(plan.accountId);
    return decidePlan(reopened(plan, orders), { now, prices, halt, mayClose, orders });
  }

  private wake(id: PlanId): void {
    const running = this.running.get(id);
    if (running === undefined || running.waiting) return;
    running.waiting = true;
    inTurn(running, async () => {
      running.waiting = false;
      if (this.running.get(id) === running) await this.goOn(id, running);
    }).catch((error) => this.complain(error, { planId: id }));
  }

  private async change(id: PlanId, changed: Changed): Promise<void> {
    const running = this.running.get(id);
    if (running === undefined) return;
    await inTurn(running, async () => {
      const stored = await this.storedOf(running, id);
      if (stored !== null && !isPlanOver(stored.plan.status)) await this.save(running, stored, changed);
    });
    this.wake(id);
  }

  private async goOn(id: PlanId, running: RunningPlan): Promise<void> {
    for (let turn = 0; turn < turnsMax; turn += 1) {
      const stored = await this.storedOf(running, id);
      if (stored === null) return this.leave(id);
      const { plan, asks, cancels } = this.decide(stored.plan, running);
      await this.save(running, stored, () => plan, asks);
      await this.drop(running, cancels);
      if (isPlanOver(plan.status)) return this.end(plan, plan !== stored.plan);
      if (plan.terms.kind !== 'twap' && plan.terms.kind !== 'iceberg') this.markets.watch(plan.instrumentId);
      if (running.stored?.plan === stored.plan) return;
    }
  }

  private async storedOf(running: RunningPlan, id: PlanId): Promise<StoredPlan | null> {
    running.stored ??= await this.plans.read(id);
    return running.stored;
  }

  private async save(
    running: RunningPlan,
    stored: StoredPlan,
    changed: Changed,
    asks: PlanDecision['asks'] = [],
  ): Promise<void> {
    const next = changed(stored.plan);
    if (next === stored.plan) return;
    // Whoever does not hear whether it was written reads it before he goes on.
    running.stored = null;
    running.stored = await this.plans.save(stored, next, asks, planActivity(stored.plan, next));
    for (const child of next.children) if (!isLive(child)) running.orders.delete(child.clientOrderId);
  }

  private async drop(running: RunningPlan, cancels: PlanDecision['cancels']): Promise<void> {
    const now = this.clock.now();
    for (const { clientOrderId, reason } of cancels) {
      const before = running.canceledAt.get(clientOrderId);
      const { stored } = running;
      if (stored === null || (before !== undefined && now - before < cancelEvery)) continue;
      running.canceledAt.set(clientOrderId, now);
      const withdrawn = await this.dropChild.drop({ accountId: stored.plan.accountId, clientOrderId, reason });
      if (withdrawn) await this.save(running, stored, (plan) => withWithdrawal(plan, clientOrderId));
    }
  }

  /** A fill of an order of a plan that is kept no more is in the books, and there is nothing left to decide. */
  private leave(id: PlanId): void {
    this.running.delete(id);
    this.log.warn({ planId: id }, 'an order of a plan that is kept no more was filled; look at what is held');
  }

  private end({ id, instrumentId, status, reason }: Plan, isNew: boolean): void {
    this.running.delete(id);
    const others = [...this.running.values()];
    if (!others.some((other) => other.instrumentId === instrumentId)) this.markets.forget(instrumentId);
    if (!isNew) return;
    const about = { planId: id, status, code: reason?.code };
    this.log[status === 'failed' ? 'warn' : 'info'](about, `a plan is over: ${reason?.text ?? 'done'}`);
  }

  private complain(error: unknown, about: Record<string, unknown>): void {
    stopOnBrokenInvariant(error);
    this.log.warn({ ...about, error }, 'a plan could not be carried on; once more');
  }
}
