import { AuditService } from '@scalpstorm/contracts/api';
import { pageOf, whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, type GrpcMethod, on } from './grpc-method.js';

/** Whether what happened is still written down as it was. */
export const auditMethods: readonly GrpcMethod[] = [
  on(
    routes.listAuditRecords,
    AuditService.method.listAuditRecords,
  )(({ audit }, { query }) => audit.records(query, pageOf(query))),
  on(
    routes.listAnomalies,
    AuditService.method.listAnomalies,
  )(({ audit }, { query }) => audit.found(query, pageOf(query))),
  on(routes.listAuditChains, AuditService.method.listAuditChains)(async ({ audit }) => whole(await audit.chains())),
  on(routes.verifyAuditChain, AuditService.method.verifyAuditChain)(
    ({ audit }, { body }) => audit.verify(body),
    as('check'),
  ),
];
