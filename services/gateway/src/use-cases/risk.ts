import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type RiskCommand, riskQuestion, type ScopeState } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type TradingState } from '@scalpstorm/model';
import type { Caller } from './caller.js';
import { Emergency, type TradingStateReply } from './emergency.js';
import { accepted } from './refusals.js';
import { RiskScopes } from './risk-scopes.js';

export interface LimitView {
  readonly name: string;
  readonly value: string;
  readonly unit: string;
  /** Who set it; null: it is the platform's setting. */
  readonly source: string | null;
  /** What is set for the scope that was asked for; null: nothing. */
  readonly own: string | null;
}
export interface LimitsView {
  readonly rows: readonly LimitView[];
  /** Of what is set for the scope; 0: nothing ever was. */
  readonly version: number;
}
export interface LimitsWish {
  readonly scope: RiskScope;
  /** By the names of the settings; null: nothing is set any more. */
  readonly limits: Readonly<Record<string, string | null>>;
  /** Of the limits as the caller read them; the change is refused when they changed since. */
  readonly version?: number | undefined;
  readonly text: string;
}
export interface StateWish {
  readonly scope: RiskScope;
  readonly state: TradingState;
  readonly text: string;
  /** The scope once more, to set the platform or a venue to active. */
  readonly confirm?: string | undefined;
}
export interface ScopeStateView extends TradingStateReply {
  /** `platform`, or kind and id. */
  readonly scope: string;
  /** Who said it; may be empty. */
  readonly by: string;
  /** Said of what is not theirs: only an operator makes it milder. */
  readonly operator: boolean;
}
export interface RiskStateView {
  /** What holds for the caller: the stricter of their own and the platform's. */
  readonly binding: TradingStateReply;
  readonly platform: TradingStateReply;
  /** Everything that is not active and concerns the caller, the newest first; for operators everybody's. */
  readonly states: readonly ScopeStateView[];
}

/** What the gate measures orders against, and what it lets through, for whom. */
@Injectable()
export class Risk {
  constructor(
    private readonly bus: Bus,
    private readonly emergency: Emergency,
    private readonly scopes: RiskScopes,
  ) {}

  /** Of what the caller names, or of themselves. @throws ProblemRaised for what is not theirs to see */
  async limits(caller: Caller, wanted: RiskScope | undefined): Promise<LimitsView> {
    const { user, commandId } = caller;
    const scopes = await this.scopes.around(caller, wanted ?? RiskScope.user(user.userId));
    return this.#limits({ kind: 'limits', commandId, userId: user.userId, text: '', scopes });
  }

  /** @throws ProblemRaised when the caller may not, when a limit is beyond what is set around it, and when it was changed since */
  async setLimits(caller: Caller, { scope, limits, version, text }: LimitsWish): Promise<LimitsView> {
    const { user, commandId } = caller;
    const { ownerId } = await this.scopes.rightOn(caller, scope);
    // What bounds a user is not the user's to say.
    if (scope.kind === 'user') this.scopes.needOperator(caller);
    const scopes = await this.scopes.around(caller, scope);
    const wishes = Object.entries(limits).map(([name, value]) => ({ name, value }));
    const change = { scopes, wishes, expectedVersion: version ?? null, by: user.userId };
    return this.#limits({ kind: 'set-limits', commandId, userId: ownerId, text, ...change });
  }

  async #limits(command: RiskCommand): Promise<LimitsView> {
    const { limits = [], limitsVersion = 0 } = accepted(await this.bus.ask(riskQuestion, command));
    const rows = limits.map(({ source, ...limit }) => ({
      ...limit,
      source: source === null ? null : RiskScope.format(source),
    }));
    return { rows, version: limitsVersion };
  }

  async state(caller: Caller): Promise<RiskStateView> {
    const [binding, platform, states] = await Promise.all([
      this.emergency.state(caller),
      this.emergency.platformState(caller),
      this.#states(caller),
    ]);
    return { binding, platform, states };
  }

  /** @throws ProblemRaised when the caller may not, when there is no such scope, and when only an operator makes it milder */
  async setState(caller: Caller, { scope, state, text, confirm }: StateWish): Promise<ScopeStateView> {
    const { commandId, user } = caller;
    const { ownerId, operator } = await this.scopes.rightOn(caller, scope);
    if (state === 'active') this.scopes.needConfirmation(scope, confirm);
    const said = { scope, state, text, by: user.userId, operator };
    const command = { kind: 'set' as const, commandId, userId: ownerId, ...said };
    const [current] = accepted(await this.bus.ask(riskQuestion, command)).states ?? [];
    return viewOf(current ?? { ...said, since: null });
  }

  async #states(caller: Caller): Promise<readonly ScopeStateView[]> {
    const { commandId, user } = caller;
    const userId = this.scopes.seesAll(caller) ? null : user.userId;
    const command = { kind: 'states' as const, commandId, userId, text: '' };
    return (accepted(await this.bus.ask(riskQuestion, command)).states ?? []).map(viewOf);
  }
}

const viewOf = ({ scope, state, text, since, by, operator }: ScopeState): ScopeStateView => ({
  scope: RiskScope.format(scope),
  state,
  text,
  since: since === null ? null : Timestamp.toIso(since),
  by,
  operator,
});
