import { newMeta, outboxMessage } from '@scalpstorm/bus';
import { activityLogged, orderRequested } from '@scalpstorm/contracts';
import type { Plan, PlanDecision } from '@scalpstorm/engine';
import { BrokenInvariant, type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { AccountId, Activity, PlanId, UserId } from '@scalpstorm/model';
import type { WallClock } from '@scalpstorm/observability';
import type { Outbox, Store, Transaction } from '@scalpstorm/store';
import { planFromText, planText } from '../domain/plan-body.js';
import { OrderPlans, type PlanList, type StoredPlan } from '../ports/order-plans.js';
import type { AccountWriter } from './postgres-reconciliations.js';

/** What opens is asked for anew, or given up, long before; an old question must not open anything when the gate comes back. */
const opensFor: Micros = 30 * second;

/** No venue tells a fill later than this; a plan that is over is looked at for so long. */
export const behindFor: Micros = 7 * 24 * 3_600 * second;

interface Row {
  readonly sequence: string;
  readonly version: number;
  readonly body: string;
}

export interface OrderPlansParts {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly clock: WallClock;
  readonly writer: AccountWriter;
}

/** Plans in the schema of execution. A writer that was thought dead writes nothing here either. */
export class PostgresOrderPlans extends OrderPlans {
  constructor(private readonly parts: OrderPlansParts) {
    super();
  }

  async add(plan: Plan, told: Activity | null): Promise<StoredPlan> {
    return this.parts.store.transaction(async (tx) => {
      await this.parts.writer.prove(tx, plan.accountId);
      const { count } = await tx`
        insert into order_plans (plan_id, account_id, user_id, status, version, body, created_at_us, updated_at_us)
        values (${plan.id}, ${plan.accountId}, ${plan.userId}, ${plan.status}, 0, ${planText(plan)}::text::jsonb,
                ${plan.createdAt}, ${plan.updatedAt})
        on conflict (plan_id) do nothing`;
      if (count > 0) await this.tell(tx, told);
      const [row] = await tx<Row[]>`
        select sequence::text, version, body::text from order_plans where plan_id = ${plan.id}`;
      if (row === undefined) throw new BrokenInvariant(`plan ${plan.id} is not where it was written`);
      return storedOf(row);
    });
  }

  async save(stored: StoredPlan, next: Plan, asks: PlanDecision['asks'], told: Activity | null): Promise<StoredPlan> {
    const version = stored.version + 1;
    await this.parts.store.transaction(async (tx) => {
      await this.parts.writer.prove(tx, next.accountId);
      const written = await tx`
        update order_plans set status = ${next.status}, version = ${version}, body = ${planText(next)}::text::jsonb,
               updated_at_us = ${next.updatedAt}
         where plan_id = ${next.id} and version = ${stored.version}`;
      if (written.count !== 1) throw new BrokenInvariant(`plan ${next.id} has another version in the database`);
      await this.ask(tx, asks);
      await this.tell(tx, told);
    });
    return { ...stored, plan: next, version };
  }

  async read(planId: PlanId): Promise<StoredPlan | null> {
    const [row] = await this.parts.store.sql<Row[]>`
      select sequence::text, version, body::text from order_plans where plan_id = ${planId}`;
    if (row !== undefined) return storedOf(row);
    if (await this.isForgotten(planId)) return null;
    throw new BrokenInvariant(`plan ${planId} is not where it was written`);
  }

  async open(accountId: AccountId): Promise<readonly StoredPlan[]> {
    const rows = await this.parts.store.sql<Row[]>`
      select sequence::text, version, body::text from order_plans
       where account_id = ${accountId} and status not in ('done', 'canceled', 'failed') order by order_plans.sequence`;
    return rows.map(storedOf);
  }

  async behind(accountId: AccountId): Promise<readonly StoredPlan[]> {
    // Fills of a plan are whole units, those of an order are decimals.
    const rows = await this.parts.store.sql<Row[]>`
      select sequence::text, version, body::text from order_plans
       where account_id = ${accountId} and status in ('done', 'canceled', 'failed')
         and updated_at_us > ${Timestamp.plus(this.parts.clock.now(), -behindFor)}
         and exists (select 1 from jsonb_array_elements(body->'children') child
                       join orders on orders.client_order_id = child->>'clientOrderId'
                      where orders.filled_quantity * 1e12 > (child->>'filled')::numeric)
       order by order_plans.sequence`;
    return rows.map(storedOf);
  }

  async find(userId: UserId, planId: PlanId): Promise<StoredPlan | null> {
    const [row] = await this.parts.store.sql<Row[]>`
      select sequence::text, version, body::text from order_plans where plan_id = ${planId} and user_id = ${userId}`;
    return row === undefined ? null : storedOf(row);
  }

  override async isForgotten(planId: PlanId): Promise<boolean> {
    const rows = await this.parts.store.sql`select 1 from forgotten_plans where plan_id = ${planId}`;
    return rows.length > 0;
  }

  async list({ userId, open, before, limit }: PlanList): Promise<readonly StoredPlan[]> {
    const { sql } = this.parts.store;
    const older = before === null ? sql`` : sql`and sequence < ${before.toString()}`;
    const over = sql`status in ('done', 'canceled', 'failed')`;
    const some = open === null ? sql`` : open ? sql`and not ${over}` : sql`and ${over}`;
    const rows = await sql<Row[]>`
      select sequence::text, version, body::text from order_plans
       where user_id = ${userId} ${older} ${some} order by order_plans.sequence desc limit ${limit}`;
    return rows.map(storedOf);
  }

  private async tell(tx: Transaction, activity: Activity | null): Promise<void> {
    const { clock, outbox } = this.parts;
    if (activity !== null)
      await outbox.add(tx, [outboxMessage(activityLogged, { meta: newMeta(clock, null), activity })]);
  }

  private async ask(tx: Transaction, asks: PlanDecision['asks']): Promise<void> {
    const { clock, outbox } = this.parts;
    const messages = asks.map(({ request, ask }) => {
      const meta = newMeta(clock, null);
      const until = request.purpose === 'open' ? { validUntil: Timestamp.plus(meta.occurredAt, opensFor) } : {};
      const event = { meta, order: request, ask, marketAt: null, ...until };
      return outboxMessage(orderRequested, event, `${request.clientOrderId}:${ask}`);
    });
    await outbox.add(tx, messages);
  }
}

const storedOf = ({ sequence, version, body }: Row): StoredPlan => ({
  plan: planFromText(body),
  version,
  sequence: BigInt(sequence),
});
