import { Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { sealContext } from '../domain/profile.js';
import { Profiles } from '../ports/profiles.js';
import { SealBroken, Sealer } from '../ports/sealer.js';

/** After a rotation everything is under the newest key, so that the older one can be taken away. */
@Injectable()
export class RenewSecrets {
  constructor(
    private readonly profiles: Profiles,
    private readonly sealer: Sealer,
    private readonly log: Log,
  ) {}

  async run(): Promise<void> {
    if (!this.sealer.ready) return;
    let broken = 0;
    const renewed = await this.profiles.renewSecrets((userId, sealed) => {
      try {
        return this.sealer.renewed(sealed, sealContext(userId));
      } catch (error) {
        if (!(error instanceof SealBroken)) throw error;
        broken += 1;
        return null;
      }
    });
    if (renewed > 0) this.log.info({ renewed }, 'secrets of webhooks are under the newest key now');
    if (broken > 0)
      this.log.warn({ broken }, 'secrets of webhooks cannot be opened; their users set the webhook again');
  }
}
