import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { instrumentsQuestion } from '@scalpstorm/contracts';
import { AccountId, BotId, RiskScope, UserId, VenueId } from '@scalpstorm/model';
import { refusalAt } from '../domain/admission.js';
import { ProblemRaised, problems } from '../domain/problem.js';
import { ReadModel } from '../ports/read-model.js';
import { UserDirectory } from '../ports/user-directory.js';
import type { Caller } from './caller.js';

/** Whose a scope is, and with which right somebody acts on it. */
export interface ScopeRight {
  /** Null: nobody's in particular. */
  readonly ownerId: UserId | null;
  /** The right to act on what is not theirs. */
  readonly operator: boolean;
}

const names = { venue: 'venue', instrument: 'instrument', user: 'user', account: 'account', bot: 'bot' } as const;

/** Who may say what holds for whom: everybody for what is theirs, people of role risk or admin for everything. */
@Injectable()
export class RiskScopes {
  constructor(
    private readonly bus: Bus,
    private readonly readModel: ReadModel,
    private readonly users: UserDirectory,
  ) {}

  /** @throws ProblemRaised NOT_FOUND for what is not there, and, to whoever may not see it, for what is somebody else's */
  async rightOn({ user }: Pick<Caller, 'user'>, scope: RiskScope): Promise<ScopeRight> {
    const refusal = refusalAt(user, { access: 'risk', personOnly: true });
    if (scope.kind === 'platform' || scope.kind === 'venue' || scope.kind === 'instrument') {
      if (refusal !== null) throw new ProblemRaised(refusal);
      if (scope.kind === 'venue' && !(await this.#isVenue(scope.id)))
        throw new ProblemRaised(problems.notFound('venue'));
      if (scope.kind === 'instrument' && !(await this.#isInstrument(scope.id)))
        throw new ProblemRaised(problems.notFound('instrument'));
      return { ownerId: null, operator: true };
    }
    const ownerId = await this.#ownerOf({ kind: scope.kind, id: scope.id });
    const mayAct = ownerId !== null && (ownerId === user.userId || refusal === null);
    if (!mayAct) throw new ProblemRaised(problems.notFound(names[scope.kind]));
    return { ownerId, operator: refusal === null };
  }

  /**
   * Everything that the scope belongs to, the widest first, itself the last. Of the platform and of venues for everybody to see.
   * @throws ProblemRaised as {@link rightOn}
   */
  async around(caller: Pick<Caller, 'user'>, scope: RiskScope): Promise<readonly RiskScope[]> {
    const { platform } = RiskScope;
    if (scope.kind === 'platform') return [platform];
    if (scope.kind === 'venue') return [platform, scope];
    if (scope.kind === 'instrument')
      return [platform, { kind: 'venue', id: scope.id.slice(0, scope.id.indexOf(':')) }, scope];
    const { ownerId } = await this.rightOn(caller, scope);
    if (ownerId === null) throw new ProblemRaised(problems.notFound(names[scope.kind]));
    if (scope.kind === 'user') return [platform, scope];
    const user = RiskScope.user(ownerId);
    if (scope.kind === 'account') {
      const venue = await this.readModel.accountVenue(AccountId.of(scope.id));
      return venue === null ? [platform, user, scope] : [platform, RiskScope.venue(venue), user, scope];
    }
    const bot = await this.readModel.bot(ownerId, BotId.of(scope.id));
    if (bot === null) throw new ProblemRaised(problems.notFound('bot'));
    return [
      platform,
      RiskScope.venue(VenueId.of(bot.venue)),
      user,
      RiskScope.account(AccountId.of(bot.account)),
      scope,
    ];
  }

  /** @throws ProblemRaised for whoever is none */
  needOperator({ user }: Pick<Caller, 'user'>): void {
    const refusal = refusalAt(user, { access: 'risk', personOnly: true });
    if (refusal !== null) throw new ProblemRaised(refusal);
  }

  /** What is everybody's is not released by mistake. @throws ProblemRaised when its name was not said once more */
  needConfirmation(scope: RiskScope, confirm: string | undefined): void {
    const isEverybodys = scope.kind === 'platform' || scope.kind === 'venue';
    const words = RiskScope.format(scope);
    if (isEverybodys && confirm !== words) throw new ProblemRaised(problems.confirmationMissing(words));
  }

  /** Does the caller see everybody's? */
  seesAll({ user }: Pick<Caller, 'user'>): boolean {
    return refusalAt(user, { access: 'risk', personOnly: true }) === null;
  }

  /** Null: there is no such thing. */
  async #ownerOf({ kind, id }: { kind: 'user' | 'account' | 'bot'; id: string }): Promise<UserId | null> {
    switch (kind) {
      case 'user':
        return (await this.users.findById(UserId.of(id)))?.userId ?? null;
      case 'account':
        return (await this.readModel.accountVenue(AccountId.of(id))) === null
          ? null
          : this.readModel.accountOwner(AccountId.of(id));
      case 'bot':
        return BotId.is(id) ? this.readModel.botOwner(id) : null;
    }
  }

  async #isInstrument(id: string): Promise<boolean> {
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    return instruments.some((one) => one.id === id);
  }

  /** One where somebody has an account is known without asking: whoever halts it does not wait for market-data. */
  async #isVenue(id: string): Promise<boolean> {
    const accounts = await this.readModel.accountsIn({ kind: 'venue', id });
    if (accounts.length > 0) return true;
    const { instruments } = await this.bus.ask(instrumentsQuestion, { instrumentId: null });
    return instruments.some(({ venue }) => venue === id);
  }
}
