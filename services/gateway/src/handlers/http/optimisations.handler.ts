import { Controller } from '@nestjs/common';
import { Optimisations } from '../../use-cases/optimisations.js';
import { openOf, pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class OptimisationsHandler {
  constructor(private readonly optimisations: Optimisations) {}

  @Serves(routes.listOptimisations)
  list(@Asked() call: Call<typeof routes.listOptimisations>): Promise<ReplyOf<typeof routes.listOptimisations>> {
    return this.optimisations.list(call.user.userId, openOf(call.query.status), pageOf(call.query));
  }

  @Serves(routes.runOptimisation)
  run(@Asked() call: Call<typeof routes.runOptimisation>): Promise<ReplyOf<typeof routes.runOptimisation>> {
    return this.optimisations.run(call, call.body);
  }

  @Serves(routes.getOptimisation)
  get(@Asked() call: Call<typeof routes.getOptimisation>): Promise<ReplyOf<typeof routes.getOptimisation>> {
    return this.optimisations.get(call.user.userId, call.params.job);
  }

  @Serves(routes.cancelOptimisation)
  cancel(@Asked() call: Call<typeof routes.cancelOptimisation>): Promise<ReplyOf<typeof routes.cancelOptimisation>> {
    return this.optimisations.cancel(call, call.params.job);
  }
}
