import { Injectable } from '@nestjs/common';
import { AdoptOrders } from './adopt-orders.js';
import { CompareOrders } from './compare-orders.js';
import { RunPlans } from './run-plans.js';

/**
 * A plan out of a back-up would do again what it did since. The ids of its orders spell it, so the first one that the venue has and the
 * books do not know ends it: before its account trades, and whenever one is met later.
 */
@Injectable()
export class PlansBehind {
  constructor(adoptOrders: AdoptOrders, compareOrders: CompareOrders, runPlans: RunPlans) {
    adoptOrders.tell({
      instruments: async (accountId) => [
        ...new Set((await runPlans.openOf(accountId)).map(({ instrumentId }) => instrumentId)),
      ],
      fallBehind: (...order) => runPlans.fallBehind(...order),
    });
    compareOrders.follow((accountId, strangers) => adoptOrders.leavePlans(accountId, strangers));
  }
}
