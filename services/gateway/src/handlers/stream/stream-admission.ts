import { Injectable } from '@nestjs/common';
import { Timestamp } from '@scalpstorm/kernel';
import { WallClock } from '@scalpstorm/observability';
import { ProblemRaised, problems } from '../../domain/problem.js';
import { AccessTokens, type Identified } from '../../ports/access-tokens.js';
import { Admission } from '../../use-cases/admission.js';

/** A stream of a key is let in anew after so long, so that a revoked key does not listen for ever. */
const keyLivesMicros = 900_000_000;

/** Who may listen: everybody who may read over HTTP, by the same token or key. */
@Injectable()
export class StreamAdmission {
  constructor(
    private readonly admission: Admission,
    private readonly accessTokens: AccessTokens,
    private readonly clock: WallClock,
  ) {}

  /** @throws ProblemRaised as a request over HTTP would */
  async admit(token: string, clientAddress: string): Promise<Identified> {
    const door = { access: 'viewer', personOnly: false } as const;
    const principal = await this.admission.admit(`Bearer ${token}`, clientAddress, door);
    if (principal.apiKey !== undefined) {
      return { principal, expiresAt: Timestamp.plus(this.clock.now(), keyLivesMicros) };
    }
    const identified = await this.accessTokens.identify(token);
    if (identified === null) throw new ProblemRaised(problems.unauthenticated());
    return identified;
  }
}
