import { Controller } from '@nestjs/common';
import { Audit } from '../../use-cases/audit.js';
import { pageOf, whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

@Controller()
export class AuditHandler {
  constructor(private readonly audit: Audit) {}

  @Serves(routes.listAuditRecords)
  records(@Asked() call: Call<typeof routes.listAuditRecords>): Promise<ReplyOf<typeof routes.listAuditRecords>> {
    return this.audit.records(call.query, pageOf(call.query));
  }

  @Serves(routes.listAnomalies)
  found(@Asked() call: Call<typeof routes.listAnomalies>): Promise<ReplyOf<typeof routes.listAnomalies>> {
    return this.audit.found(call.query, pageOf(call.query));
  }

  @Serves(routes.listAuditChains)
  async chains(): Promise<ReplyOf<typeof routes.listAuditChains>> {
    return whole(await this.audit.chains());
  }

  @Serves(routes.verifyAuditChain)
  verify(@Asked() call: Call<typeof routes.verifyAuditChain>): Promise<ReplyOf<typeof routes.verifyAuditChain>> {
    return this.audit.verify(call.body);
  }
}
