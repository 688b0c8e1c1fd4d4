import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import {
  type VenueAccount,
  type VenueAccountRequest,
  type VenueAccountStanding,
  venueAccountQuestion,
} from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { AccountId, type Mode, type UserId, VenueId } from '@scalpstorm/model';
import { sealFor } from '@scalpstorm/vault';
import { ProblemRaised, problems } from '../domain/problem.js';
import { AccountOwners } from '../ports/account-owners.js';
import { ReadModel } from '../ports/read-model.js';
import type { Caller } from './caller.js';
import { accepted } from './refusals.js';

export interface KeyAndSecret {
  readonly apiKey: string;
  readonly secret: string;
}
export interface NewVenueAccount extends KeyAndSecret {
  readonly label: string;
  readonly venue: string;
  readonly mode: Mode;
}
export const venueAccountVerbs = ['test', 'enable', 'disable'] as const;
export type VenueAccountVerb = (typeof venueAccountVerbs)[number];
export type VenueAccountView = ReturnType<typeof venueAccountView>;

/** The venue is asked about the key in between. */
const askMs = 20_000;

/**
 * The venue accounts that users bring. A key and its secret are sealed for execution in the moment that they come in: they
 * are in no table, message or log of the gateway, and nothing gives them back.
 */
@Injectable()
export class VenueAccounts {
  constructor(
    private readonly bus: Bus,
    private readonly owners: AccountOwners,
    private readonly readModel: ReadModel,
  ) {}

  async list(userId: UserId): Promise<readonly VenueAccountView[]> {
    return (await this.#standing(userId)).accounts.map(venueAccountView);
  }

  /** Venues and modes that an account can be added at. */
  async offers(userId: UserId): Promise<VenueAccountStanding['offers']> {
    return (await this.#standing(userId)).offers;
  }

  async get(userId: UserId, id: string): Promise<VenueAccountView> {
    const found = (await this.list(userId)).find((account) => account.id === id);
    if (found === undefined) throw new ProblemRaised(problems.notFound('venue account'));
    return found;
  }

  async add({ user, commandId }: Caller, wanted: NewVenueAccount): Promise<VenueAccountView> {
    const { userId } = user;
    const { label, mode } = wanted;
    const venue = VenueId.of(wanted.venue);
    const accountId = idOf(venue, userId, commandId);
    const sealed = await this.#seal(userId, accountId, wanted);
    // First of all, so that no word of it ever reaches somebody else.
    if (!(await this.owners.give(accountId, userId))) throw new ProblemRaised(problems.internal());
    return this.#ask({ kind: 'add', commandId, userId, accountId, label, venue, mode, sealed });
  }

  async rotate({ user, commandId }: Caller, id: string, secret: KeyAndSecret): Promise<VenueAccountView> {
    const { userId } = user;
    const accountId = AccountId.of(id);
    await this.get(userId, id);
    const sealed = await this.#seal(userId, accountId, secret);
    return this.#ask({ kind: 'rotate', commandId, userId, accountId, sealed });
  }

  async relabel({ user, commandId }: Caller, id: string, label: string): Promise<VenueAccountView> {
    await this.get(user.userId, id);
    return this.#ask({ kind: 'relabel', commandId, userId: user.userId, accountId: AccountId.of(id), label });
  }

  async command({ user, commandId }: Caller, id: string, verb: VenueAccountVerb): Promise<VenueAccountView> {
    await this.get(user.userId, id);
    if (verb === 'disable') await this.#requireNoBots(user.userId, id, 'active');
    return this.#ask({ kind: verb, commandId, userId: user.userId, accountId: AccountId.of(id) });
  }

  async delete({ user, commandId }: Caller, id: string): Promise<void> {
    const { userId } = user;
    const accountId = AccountId.of(id);
    await this.get(userId, id);
    await this.#requireNoBots(userId, id, 'any');
    accepted(await this.bus.ask(venueAccountQuestion, { kind: 'delete', commandId, userId, accountId }, askMs));
    await this.owners.forget(accountId);
  }

  async #ask(request: Exclude<VenueAccountRequest, { kind: 'list' | 'delete' }>): Promise<VenueAccountView> {
    const { accounts } = accepted(await this.bus.ask(venueAccountQuestion, request, askMs));
    const account = accounts.find(({ accountId }) => accountId === request.accountId);
    if (account === undefined) throw new ProblemRaised(problems.notFound('venue account'));
    return venueAccountView(account);
  }

  async #standing(userId: UserId): Promise<Pick<VenueAccountStanding, 'accounts' | 'offers'>> {
    const answer = await this.bus.ask(venueAccountQuestion, { kind: 'list', userId });
    const switchedOff = !answer.ok && answer.refusals.some(({ code }) => code === 'VAULT_NOT_CONFIGURED');
    return switchedOff ? { accounts: [], offers: [] } : accepted(answer);
  }

  async #seal(userId: UserId, accountId: AccountId, { apiKey, secret }: KeyAndSecret): Promise<Uint8Array> {
    const { sealingKey } = accepted(await this.bus.ask(venueAccountQuestion, { kind: 'list', userId }));
    return sealFor(sealingKey, JSON.stringify({ apiKey, secret }), `venue-account:${userId}:${accountId}`);
  }

  async #requireNoBots(userId: UserId, id: string, which: 'active' | 'any'): Promise<void> {
    const bots = await this.readModel.botsAt(userId, AccountId.of(id), which);
    if (bots > 0) throw new ProblemRaised(problems.venueAccountHasBots(bots, which));
  }
}

/** A function of the command, so that a repeat means the same account; it tells nothing of anybody. */
function idOf(venue: VenueId, userId: UserId, commandId: string): AccountId {
  const digest = createHash('sha256')
    .update(JSON.stringify([userId, commandId]))
    .digest('hex')
    .slice(0, 10);
  return AccountId.of(`${venue.slice(0, 20)}-${digest}`);
}

const venueAccountView = (account: VenueAccount) =>
  ({
    id: account.accountId as string,
    label: account.label,
    venue: account.venue as string,
    mode: account.mode,
    state: account.state,
    keyEnding: account.keyEnding,
    check: {
      at: Timestamp.toIso(account.check.checkedAt),
      mayTrade: account.check.mayTrade,
      mayWithdraw: account.check.mayWithdraw,
      warning: account.check.warning,
    },
    createdAt: Timestamp.toIso(account.createdAt),
    changedAt: Timestamp.toIso(account.changedAt),
  }) as const;
