import { Controller } from '@nestjs/common';
import { VenueAccounts } from '../../use-cases/venue-accounts.js';
import { whole } from './paging.js';
import type { Call, ReplyOf } from './route.js';
import { routes } from './routes.js';
import { Asked, Serves } from './serves.js';

type AccountReply = Promise<ReplyOf<typeof routes.getVenueAccount>>;

@Controller()
export class VenueAccountsHandler {
  constructor(private readonly accounts: VenueAccounts) {}

  @Serves(routes.listVenueAccounts)
  async list(@Asked() call: Call<typeof routes.listVenueAccounts>): Promise<ReplyOf<typeof routes.listVenueAccounts>> {
    return whole(await this.accounts.list(call.user.userId));
  }

  @Serves(routes.listVenueOffers)
  async offers(@Asked() call: Call<typeof routes.listVenueOffers>): Promise<ReplyOf<typeof routes.listVenueOffers>> {
    return whole(await this.accounts.offers(call.user.userId));
  }

  @Serves(routes.addVenueAccount)
  add(@Asked() call: Call<typeof routes.addVenueAccount>): AccountReply {
    return this.accounts.add(call, call.body);
  }

  @Serves(routes.getVenueAccount)
  get(@Asked() call: Call<typeof routes.getVenueAccount>): AccountReply {
    return this.accounts.get(call.user.userId, call.params.id);
  }

  @Serves(routes.editVenueAccount)
  edit(@Asked() call: Call<typeof routes.editVenueAccount>): AccountReply {
    return this.accounts.relabel(call, call.params.id, call.body.label);
  }

  @Serves(routes.rotateVenueAccount)
  rotate(@Asked() call: Call<typeof routes.rotateVenueAccount>): AccountReply {
    return this.accounts.rotate(call, call.params.id, call.body);
  }

  @Serves(routes.commandVenueAccount)
  command(@Asked() call: Call<typeof routes.commandVenueAccount>): AccountReply {
    return this.accounts.command(call, call.params.id, call.params.verb);
  }

  @Serves(routes.removeVenueAccount)
  async remove(@Asked() call: Call<typeof routes.removeVenueAccount>): Promise<null> {
    await this.accounts.delete(call, call.params.id);
    return null;
  }
}
