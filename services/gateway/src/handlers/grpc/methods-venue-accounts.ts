import type { DescMethodUnary } from '@bufbuild/protobuf';
import { VenueAccountService } from '@scalpstorm/contracts/api';
import type { VenueAccountVerb } from '../../use-cases/venue-accounts.js';
import { whole } from '../http/paging.js';
import { routes } from '../http/routes.js';
import { as, done, type GrpcMethod, on } from './grpc-method.js';

const { method: account } = VenueAccountService;
const row = as('venueAccount');

const verb = (name: VenueAccountVerb, rpc: DescMethodUnary) =>
  on(routes.commandVenueAccount, rpc)(
    ({ venueAccounts }, call) => venueAccounts.command(call, call.params.id, call.params.verb),
    { fixed: { verb: name }, ...row },
  );

/** The venue accounts that users bring; a secret is in no answer. */
export const venueAccountMethods: readonly GrpcMethod[] = [
  on(
    routes.listVenueAccounts,
    account.listVenueAccounts,
  )(async ({ venueAccounts }, { user }) => whole(await venueAccounts.list(user.userId))),
  on(
    routes.listVenueOffers,
    account.listVenueOffers,
  )(async ({ venueAccounts }, { user }) => whole(await venueAccounts.offers(user.userId))),
  on(routes.getVenueAccount, account.getVenueAccount)(
    ({ venueAccounts }, { user, params }) => venueAccounts.get(user.userId, params.id),
    row,
  ),
  on(routes.addVenueAccount, account.addVenueAccount)(
    ({ venueAccounts }, call) => venueAccounts.add(call, call.body),
    row,
  ),
  on(routes.editVenueAccount, account.editVenueAccount)(
    ({ venueAccounts }, call) => venueAccounts.relabel(call, call.params.id, call.body.label),
    row,
  ),
  on(routes.rotateVenueAccount, account.rotateVenueAccount)(
    ({ venueAccounts }, call) => venueAccounts.rotate(call, call.params.id, call.body),
    row,
  ),
  verb('test', account.testVenueAccount),
  verb('enable', account.enableVenueAccount),
  verb('disable', account.disableVenueAccount),
  on(routes.removeVenueAccount, account.removeVenueAccount)(
    ({ venueAccounts }, call) => venueAccounts.delete(call, call.params.id),
    done,
  ),
];
