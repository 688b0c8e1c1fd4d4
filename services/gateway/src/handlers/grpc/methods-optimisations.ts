import { OptimisationService } from '@scalpstorm/contracts/api';
import { openOf, pageOf } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, type GrpcMethod, on } from './grpc-method.js';

const { method } = OptimisationService;

/** Searches for parameters, apart from trading. */
export const optimisationMethods: readonly GrpcMethod[] = [
  on(
    routes.listOptimisations,
    method.listOptimisations,
  )(({ optimisations }, { user, query }) => optimisations.list(user.userId, openOf(query.status), pageOf(query))),
  on(routes.runOptimisation, method.runOptimisation)(
    ({ optimisations }, call) => optimisations.run(call, call.body),
    as('optimisation'),
  ),
  on(routes.getOptimisation, method.getOptimisation)(
    ({ optimisations }, { user, params }) => optimisations.get(user.userId, params.job),
    as('optimisation'),
  ),
  on(routes.cancelOptimisation, method.cancelOptimisation)(
    ({ optimisations }, call) => optimisations.cancel(call, call.params.job),
    as('optimisation'),
  ),
];
