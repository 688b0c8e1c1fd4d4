import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome, poison } from '@scalpstorm/bus';
import { type OrderDenied, orderDenied } from '@scalpstorm/contracts';
import { PlanId } from '@scalpstorm/model';
import { Ledger } from '../ports/ledger.js';
import { RunPlans } from './run-plans.js';

/** The gate refuses an order of a plan: the plan goes on from there. What others asked for is theirs. */
@Controller()
export class OrderDeniedHandler {
  constructor(
    private readonly ledger: Ledger,
    private readonly runPlans: RunPlans,
  ) {}

  @Hears(orderDenied, { keyOf: (event) => event.order.clientOrderId })
  async handle({ order, denial }: OrderDenied): Promise<Outcome> {
    if (PlanId.slotOf(order.clientOrderId) === null) return done;
    if (!this.ledger.isOpen(order.accountId)) return poison(`account ${order.accountId} is not configured here`);
    const { code, text, next } = denial;
    await this.runPlans.deny(order, { code, text: [text, next].filter(Boolean).join(' ') });
    return done;
  }
}
