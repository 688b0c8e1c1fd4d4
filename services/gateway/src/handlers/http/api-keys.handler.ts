import { Controller } from '@nestjs/common';
import { ApiKeys } from '../../use-cases/api-keys.js';
import { pageOf } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class ApiKeysHandler {
  constructor(private readonly apiKeys: ApiKeys) {}

  @Serves(routes.listApiKeys)
  list(@Asked() call: Call<typeof routes.listApiKeys>): Promise<ReplyOf<typeof routes.listApiKeys>> {
    return this.apiKeys.list(call.user.userId, pageOf(call.query));
  }

  @Serves(routes.createApiKey)
  create(@Asked() call: Call<typeof routes.createApiKey>): Promise<ReplyOf<typeof routes.createApiKey>> {
    return this.apiKeys.create(call.user, call.body, call.clientAddress);
  }

  @Serves(routes.revokeApiKey)
  async revoke(@Asked() call: Call<typeof routes.revokeApiKey>): Promise<null> {
    await this.apiKeys.revoke(call.user.userId, call.params.id);
    return null;
  }
}
