import { Controller } from '@nestjs/common';
import { DeadMen } from '../../use-cases/dead-men.js';
import { whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class DeadManHandler {
  constructor(private readonly deadMen: DeadMen) {}

  @Serves(routes.listDeadMen)
  async list(@Asked() call: Call<typeof routes.listDeadMen>): Promise<ReplyOf<typeof routes.listDeadMen>> {
    return whole(await this.deadMen.list(call));
  }

  @Serves(routes.setDeadMan)
  arm(@Asked() call: Call<typeof routes.setDeadMan>): Promise<ReplyOf<typeof routes.setDeadMan>> {
    return this.deadMen.arm(call, call.body);
  }

  @Serves(routes.removeDeadMan)
  async disarm(@Asked() call: Call<typeof routes.removeDeadMan>): Promise<void> {
    await this.deadMen.disarm(call, call.query.scope);
  }
}
