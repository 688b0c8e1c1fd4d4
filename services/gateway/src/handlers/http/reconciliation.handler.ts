import { Controller } from '@nestjs/common';
import { Platform } from '../../use-cases/platform.js';
import { Reconciliation } from '../../use-cases/reconciliation.js';
import { pageOf, whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class ReconciliationHandler {
  constructor(
    private readonly platform: Platform,
    private readonly reconciliations: Reconciliation,
  ) {}

  @Serves(routes.reconciliation)
  last(@Asked() call: Call<typeof routes.reconciliation>): Promise<ReplyOf<typeof routes.reconciliation>> {
    return this.platform.reconciliation(call.user.userId);
  }

  @Serves(routes.reconcile)
  reconcile(@Asked() call: Call<typeof routes.reconcile>): Promise<ReplyOf<typeof routes.reconcile>> {
    return this.platform.reconcile(call.user.userId);
  }

  @Serves(routes.compareOnly)
  compareOnly(@Asked() call: Call<typeof routes.compareOnly>): Promise<ReplyOf<typeof routes.compareOnly>> {
    return this.reconciliations.dryRun(call.user.userId);
  }

  @Serves(routes.listAccountStates)
  async states(
    @Asked() call: Call<typeof routes.listAccountStates>,
  ): Promise<ReplyOf<typeof routes.listAccountStates>> {
    return whole(await this.reconciliations.states(call.user.userId));
  }

  @Serves(routes.listDifferences)
  differences(@Asked() call: Call<typeof routes.listDifferences>): Promise<ReplyOf<typeof routes.listDifferences>> {
    return this.reconciliations.differences(call.user.userId, call.query, pageOf(call.query));
  }

  @Serves(routes.listExternalOrders)
  externalOrders(
    @Asked() call: Call<typeof routes.listExternalOrders>,
  ): Promise<ReplyOf<typeof routes.listExternalOrders>> {
    return this.reconciliations.externalOrders(call.user.userId, call.query, pageOf(call.query));
  }

  @Serves(routes.decideExternalOrder)
  decide(@Asked() call: Call<typeof routes.decideExternalOrder>): Promise<ReplyOf<typeof routes.decideExternalOrder>> {
    return this.reconciliations.decide(call, call.params.id, call.body.decision);
  }
}
