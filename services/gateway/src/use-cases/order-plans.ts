import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type OrderPlan, type OrderPlanRequest, orderPlanQuestion } from '@scalpstorm/contracts';
import { AccountId, InstrumentId, PlanId, type UserId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { type Listing, listingOf, type Page } from '../domain/cursor.js';
import { accountUnknown } from '../domain/manual-order.js';
import {
  isRepeatedPlan,
  keyOfAnotherPlan,
  type NewPlan,
  type OrderPlanView,
  orderPlanView,
} from '../domain/order-plan.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';

/** Who plans waits for execution, and that for market-data. */
const askMs = 10_000;
const digits = 12;

/** Orders that belong together: execution keeps and carries them out; nothing of them is kept here. */
@Injectable()
export class OrderPlans {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly clock: WallClock,
  ) {}

  /**
   * The plan as it was taken; its id follows from the caller's command alone, so that a repeat is the same plan.
   * @throws ProblemRaised IDEMPOTENCY_KEY_REUSED when that is a plan of other terms, or of more than a day ago
   */
  async create(caller: Caller, { account, symbol, terms }: NewPlan): Promise<OrderPlanView> {
    const { userId } = caller.user;
    const held = (await this.readModel.holdings(userId)).find(({ id }) => id === account);
    if (held === undefined) throw new ProblemRaised(accountUnknown(account));
    const wish = { accountId: AccountId.of(account), instrumentId: InstrumentId.of(held.venue, symbol), terms };
    const plan = await this.#one({ kind: 'create', userId, planId: planIdOf(caller), ...wish });
    if (!isRepeatedPlan(plan, wish, this.clock.now())) throw new ProblemRaised(keyOfAnotherPlan(plan));
    return orderPlanView(plan);
  }

  /** @param open null: also those that are over */
  async list(userId: UserId, open: boolean | null, { before, limit }: Page): Promise<Listing<OrderPlanView>> {
    const plans = await this.#ask({ kind: 'list', userId, open, before, limit: limit + 1 });
    return listingOf(
      plans.map((plan) => ({ sequence: plan.sequence, view: orderPlanView(plan) })),
      limit,
    );
  }

  /** @throws ProblemRaised NOT_FOUND also for the plan of somebody else */
  async get(userId: UserId, planId: PlanId): Promise<OrderPlanView> {
    return orderPlanView(await this.#one({ kind: 'get', userId, planId }));
  }

  /** Resolves when it is durable that the plan is not wanted any more; its orders are canceled from then on. */
  async cancel({ user: { userId } }: Caller, planId: PlanId): Promise<OrderPlanView> {
    return orderPlanView(await this.#one({ kind: 'cancel', userId, planId }));
  }

  async #one(request: OrderPlanRequest): Promise<OrderPlan> {
    const [plan] = await this.#ask(request);
    if (plan === undefined) throw new ProblemRaised(problems.notFound('plan'));
    return plan;
  }

  async #ask(request: OrderPlanRequest): Promise<readonly OrderPlan[]> {
    return accepted(await this.bus.ask(orderPlanQuestion, request, askMs));
  }
}

/** 62 bits of who asks and his command. */
function planIdOf({ user, commandId }: Caller): PlanId {
  const hash = createHash('sha256')
    .update(JSON.stringify(['plan', user.userId, commandId]))
    .digest('hex')
    .slice(0, 16);
  const number = BigInt(`0x${hash}`) % 36n ** BigInt(digits);
  return PlanId.of(`plan_${number.toString(36).padStart(digits, '0')}`);
}
