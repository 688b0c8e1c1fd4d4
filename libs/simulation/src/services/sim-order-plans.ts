import { newMeta } from '@scalpstorm/bus';
import { type Contract, orderRequested } from '@scalpstorm/contracts';
import type { Plan, PlanDecision } from '@scalpstorm/engine';
import { OrderPlans, type StoredPlan } from '@scalpstorm/execution/simulation';
import { assert, BrokenInvariant, second, Timestamp } from '@scalpstorm/kernel';
import { type AccountId, type ClientOrderId, isPlanOver, type PlanId, type UserId } from '@scalpstorm/model';
import type { Message } from '../lane/broker.js';
import type { Database } from './database.js';
import type { ExecutionDatabase } from './execution-database.js';
import type { SimProcess } from './sim-process.js';

export interface SimOrderPlansParts {
  readonly process: SimProcess;
  readonly database: Database;
  readonly rows: ExecutionDatabase;
  /** Rows of the outbox were committed. */
  wake(): void;
}

/** So long what opens may be judged, as `PostgresOrderPlans` has it. */
const opensFor = 30 * second;

/** Plans as `PostgresOrderPlans` keeps them: the next version, and what the gate is asked for, in one commit of the account's writer. */
export class SimOrderPlans extends OrderPlans {
  constructor(private readonly parts: SimOrderPlansParts) {
    super();
  }

  add(plan: Plan): Promise<StoredPlan> {
    const { database, rows } = this.parts;
    return database.commit(() => {
      this.prove();
      const known = rows.plans.get(plan.id);
      if (known !== undefined) return known;
      const stored = { plan, version: 0, sequence: BigInt(rows.plans.size + 1) };
      rows.plans.set(plan.id, stored);
      return stored;
    }, {});
  }

  async save(stored: StoredPlan, next: Plan, asks: PlanDecision['asks']): Promise<StoredPlan> {
    const { database, rows, wake } = this.parts;
    const saved = { ...stored, plan: next, version: stored.version + 1 };
    const messages = asks.map((ask) => this.messageOf(ask));
    const write = () => {
      this.prove();
      if (rows.plans.get(next.id)?.version !== stored.version)
        throw new BrokenInvariant(`plan ${next.id} has another version in the database`);
      rows.savePlan(saved, messages);
    };
    await database.commit(write, { before: 'plan-before-commit', after: 'plan-after-commit' });
    wake();
    return saved;
  }

  read(planId: PlanId): Promise<StoredPlan> {
    return this.parts.database.read(() => {
      const stored = this.parts.rows.plans.get(planId);
      assert(stored !== undefined, `plan ${planId} is not where it was written`);
      return stored;
    });
  }

  open(_accountId: AccountId): Promise<readonly StoredPlan[]> {
    const { database, rows } = this.parts;
    return database.read(() => [...rows.plans.values()].filter(({ plan }) => !isPlanOver(plan.status)));
  }

  behind(_accountId: AccountId): Promise<readonly StoredPlan[]> {
    const { database, rows } = this.parts;
    const filledOf = (id: ClientOrderId) => rows.orders.get(id)?.tracked.order.filledQuantity ?? 0n;
    const isBehind = ({ plan }: StoredPlan) =>
      isPlanOver(plan.status) && plan.children.some((child) => filledOf(child.clientOrderId) > child.filled);
    return database.read(() => [...rows.plans.values()].filter(isBehind));
  }

  find(_userId: UserId, planId: PlanId): Promise<StoredPlan | null> {
    return this.parts.database.read(() => this.parts.rows.plans.get(planId) ?? null);
  }

  async list(): Promise<readonly StoredPlan[]> {
    return [];
  }

  private prove(): void {
    const { rows, process } = this.parts;
    if (rows.lease?.holder !== process) throw new BrokenInvariant('another writer took account');
  }

  private messageOf({ request, ask }: PlanDecision['asks'][number]): Message {
    const meta = newMeta(this.parts.process.clock, null);
    const until = request.purpose === 'open' ? { validUntil: Timestamp.plus(meta.occurredAt, opensFor) } : {};
    const event = { meta, order: request, ask, marketAt: null, ...until };
    const contract = orderRequested as Contract<unknown>;
    const messageId = `${request.clientOrderId}:${ask}`;
    return { contract, subject: contract.route(event), event, messageId, sentAt: 0 };
  }
}
