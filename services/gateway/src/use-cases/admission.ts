import { Injectable } from '@nestjs/common';
import { hashRefreshToken as hashOf } from '@scalpstorm/auth';
import { Log, WallClock } from '@scalpstorm/observability';
import { type Door, refusalAt } from '../domain/admission.js';
import type { Principal } from '../domain/principal.js';
import { type Problem, ProblemRaised, problems } from '../domain/problem.js';
import { AccessTokens } from '../ports/access-tokens.js';
import { ApiKeyStore, type FoundApiKey } from '../ports/api-key-store.js';
import { RateLimits, type RateStanding } from '../ports/rate-limits.js';
import { Standings } from '../ports/standings.js';
import { isAddressAllowed } from './allowed-address.js';
import { apiKeyPrefix } from './api-keys.js';
import { KeySightings } from './key-sightings.js';

const bearer = /^Bearer (scs_[\w-]{43}|[\w-]{1,2000}\.[\w-]{1,2000}\.[\w-]{1,200})$/i;

/** Who sent a request, whichever door it came through, and whether they may pass. */
@Injectable()
export class Admission {
  constructor(
    private readonly accessTokens: AccessTokens,
    private readonly standings: Standings,
    private readonly apiKeys: ApiKeyStore,
    private readonly rateLimits: RateLimits,
    private readonly sightings: KeySightings,
    private readonly clock: WallClock,
    private readonly log: Log,
  ) {}

  /**
   * @param authorization the header or metadata of that name
   * @param counted hears how much of their budget the user has left, also when it is none
   * @throws ProblemRaised UNAUTHENTICATED, ADDRESS_NOT_ALLOWED, FORBIDDEN, SCOPE_MISSING, PERSON_NEEDED, RATE_LIMITED
   */
  async admit(
    authorization: string | undefined,
    clientAddress: string,
    door: Door,
    counted?: (standing: RateStanding) => void,
  ): Promise<Principal> {
    const principal = await this.identify(authorization, clientAddress, door.isCommand);
    const standing = await this.rateLimits.enter('user', principal.userId, door.access === 'brake' ? 'brake' : 'usual');
    counted?.(standing);
    if (standing.exceeded) throw new ProblemRaised(problems.rateLimited(standing.resetSeconds));
    const refusal = refusalAt(principal, door);
    if (refusal !== null) {
      const { userId, apiKey } = principal;
      if (apiKey !== undefined) this.sightings.note({ id: apiKey.id, userId }, clientAddress, refusal.code);
      throw new ProblemRaised(refusal);
    }
    return principal;
  }

  /** @throws ProblemRaised UNAUTHENTICATED, ADDRESS_NOT_ALLOWED */
  async identify(authorization: string | undefined, clientAddress: string, atOnce: boolean): Promise<Principal> {
    const credential = bearer.exec(authorization ?? '')?.[1];
    if (credential === undefined) throw new ProblemRaised(problems.unauthenticated());
    if (credential.startsWith(apiKeyPrefix)) return this.#ofKey(credential, clientAddress);
    const identified = await this.accessTokens.identify(credential);
    if (identified === null) throw new ProblemRaised(problems.unauthenticated());
    return this.#standing({ ...identified.principal, until: identified.expiresAt }, atOnce);
  }

  /**
   * Of somebody who was identified a moment ago, with what is true of them now.
   * @throws ProblemRaised UNAUTHENTICATED, ADDRESS_NOT_ALLOWED
   */
  async stillStands(principal: Principal, clientAddress: string): Promise<Principal> {
    if (principal.apiKey !== undefined) {
      return this.#holderOf(await this.apiKeys.findById(principal.apiKey.id), clientAddress);
    }
    if (principal.until === undefined || principal.until <= this.clock.now()) {
      throw new ProblemRaised(problems.unauthenticated());
    }
    return this.#standing(principal, true);
  }

  /** With the role that the user has now, which the token may not know yet. */
  async #standing(principal: Principal, atOnce: boolean): Promise<Principal> {
    const { userId, sessionId = '' } = principal;
    const role = await this.standings.roleIn({ userId, sessionId }, atOnce);
    if (role === null) throw new ProblemRaised(problems.unauthenticated());
    return { ...principal, role };
  }

  async #ofKey(key: string, clientAddress: string): Promise<Principal> {
    const principal = this.#holderOf(await this.apiKeys.find(hashOf(key)), clientAddress);
    const { id } = principal.apiKey;
    this.sightings.note({ id, userId: principal.userId }, clientAddress, null);
    this.apiKeys.used(id, this.clock.now()).catch((error: unknown) => {
      this.log.warn({ error, apiKey: id }, 'the use of an API key was not written down');
    });
    return principal;
  }

  #holderOf(found: FoundApiKey | null, clientAddress: string): KeyPrincipal {
    const now = this.clock.now();
    if (found === null || found.revokedAt !== null || (found.expiresAt !== null && found.expiresAt <= now)) {
      throw this.#refused(found, clientAddress, problems.unauthenticated());
    }
    if (!isAddressAllowed(clientAddress, found.allowedAddresses)) {
      throw this.#refused(found, clientAddress, problems.addressNotAllowed(clientAddress));
    }
    const { id, userId, role, scopes } = found;
    return { userId, role, apiKey: { id, scopes } };
  }

  #refused(found: FoundApiKey | null, clientAddress: string, problem: Problem): ProblemRaised {
    this.sightings.note(found, clientAddress, problem.code);
    return new ProblemRaised(problem);
  }
}

type KeyPrincipal = Principal & Required<Pick<Principal, 'apiKey'>>;
