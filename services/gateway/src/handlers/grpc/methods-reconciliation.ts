import { PortfolioService, ReconciliationService } from '@scalpstorm/contracts/api';
import { pageOf, whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, type GrpcMethod, on } from './grpc-method.js';

const { method: portfolio } = PortfolioService;
const { method } = ReconciliationService;

/** Whether books and venues agree, what was found, and orders that nobody placed here. */
export const reconciliationMethods: readonly GrpcMethod[] = [
  on(
    routes.reconciliation,
    portfolio.getReconciliation,
  )(({ platform }, { user }) => platform.reconciliation(user.userId)),
  on(routes.reconcile, portfolio.reconcile)(({ platform }, { user }) => platform.reconcile(user.userId)),
  on(routes.compareOnly, method.compareOnly)(({ reconciliation }, { user }) => reconciliation.dryRun(user.userId)),
  on(
    routes.listAccountStates,
    method.listAccountStates,
  )(async ({ reconciliation }, { user }) => whole(await reconciliation.states(user.userId))),
  on(
    routes.listDifferences,
    method.listDifferences,
  )(({ reconciliation }, { user, query }) => reconciliation.differences(user.userId, query, pageOf(query))),
  on(
    routes.listExternalOrders,
    method.listExternalOrders,
  )(({ reconciliation }, { user, query }) => reconciliation.externalOrders(user.userId, query, pageOf(query))),
  on(routes.decideExternalOrder, method.decideExternalOrder)(
    ({ reconciliation }, call) => reconciliation.decide(call, call.params.id, call.body.decision),
    as('order'),
  ),
];
