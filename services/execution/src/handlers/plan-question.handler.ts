import { Controller } from '@nestjs/common';
import { Answers, Bus } from '@scalpstorm/bus';
import {
  instrumentsQuestion,
  type OrderPlanAnswer,
  type OrderPlanRequest,
  orderPlanQuestion,
  type Refusal,
} from '@scalpstorm/contracts';
import { planFault, startPlan } from '@scalpstorm/engine';
import { ClientOrderId, type Instrument, isPlanOver, type OrderRequest, type PlanTerms } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import { planRefusals } from '../domain/plan-refusals.js';
import { planView } from '../domain/plan-view.js';
import { Ledger } from '../ports/ledger.js';
import { OrderPlans, type StoredPlan } from '../ports/order-plans.js';
import { Venues } from '../ports/venues.js';
import { RunPlans } from './run-plans.js';

/** Rows in one answer; a message has a greatest size, and a plan has some forty orders. */
const rowsMax = 101;
/** Open ones of an account. */
const plansMax = 200;

type Creation = Extract<OrderPlanRequest, { kind: 'create' }>;

/** Orders that belong together: planned, looked at, and canceled. */
@Controller()
export class PlanQuestionHandler {
  constructor(
    private readonly bus: Bus,
    private readonly plans: OrderPlans,
    private readonly runPlans: RunPlans,
    private readonly ledger: Ledger,
    private readonly venues: Venues,
    private readonly clock: WallClock,
  ) {}

  @Answers(orderPlanQuestion)
  async answer(request: OrderPlanRequest): Promise<OrderPlanAnswer> {
    switch (request.kind) {
      case 'create':
        return this.create(request);
      case 'list':
        return given(await this.plans.list({ ...request, limit: Math.min(request.limit, rowsMax) }));
      case 'get':
      case 'cancel':
        return this.known(request);
    }
  }

  private async known({ kind, userId, planId }: Extract<OrderPlanRequest, { kind: 'get' | 'cancel' }>) {
    const stored = await this.plans.find(userId, planId);
    if (stored === null) return refused(planRefusals.unknown());
    if (kind === 'get') return given([stored]);
    const { accountId, status } = stored.plan;
    if (isPlanOver(status)) return refused(planRefusals.over(status));
    if (!this.ledger.isOpen(accountId)) return refused(planRefusals.notConnected(accountId));
    await this.runPlans.cancel(stored);
    return given([(await this.plans.find(userId, planId)) ?? stored]);
  }

  private async create(request: Creation): Promise<OrderPlanAnswer> {
    const { userId, planId, accountId, instrumentId, terms } = request;
    const known = await this.plans.find(userId, planId);
    if (known !== null) return given([await this.runPlans.carryOn(known)]);
    if (await this.plans.isForgotten(planId)) return refused(planRefusals.forgotten());
    const account = this.venues.accounts().find(({ id }) => id === accountId);
    if (account === undefined || !this.ledger.isOpen(accountId)) return refused(planRefusals.notConnected(accountId));
    if ((await this.plans.open(accountId)).length >= plansMax) return refused(planRefusals.tooMany(plansMax));
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId });
    const instrument = instruments.find(({ id }) => id === instrumentId);
    if (instrument === undefined) return refused(planRefusals.instrumentUnknown(instrumentId));
    const fault = planFault(terms, instrument);
    if (fault !== null) return refused(fault);
    const owner = { id: planId, userId, accountId, mode: account.mode };
    const plan = startPlan({ ...owner, terms, instrument, hidden: this.hides(request, instrument) }, this.clock.now());
    return given([await this.runPlans.start(plan)]);
  }

  /** Whether the venue hides the rest of an order itself. */
  private hides({ accountId, userId, terms }: Creation, { id }: Instrument): boolean {
    const venue = this.venues.venueOf(accountId);
    if (terms.kind !== 'iceberg' || venue === null) return false;
    const account = { userId, botId: null, accountId, mode: 'demo' as const, instrumentId: id };
    return venue.lackOf({ ...account, ...shown(terms) }) === null;
  }
}

const shown = ({ side, quantity, purpose, price, show }: Extract<PlanTerms, { kind: 'iceberg' }>) =>
  ({
    clientOrderId: ClientOrderId.of('p0'),
    side,
    type: 'limit',
    quantity,
    price,
    timeInForce: 'GTC',
    purpose,
    displayQuantity: show,
  }) satisfies Partial<OrderRequest>;

const given = (plans: readonly StoredPlan[]): OrderPlanAnswer => ({ ok: true, value: plans.map(planView) });
const refused = (refusal: Refusal): OrderPlanAnswer => ({ ok: false, refusals: [refusal] });
