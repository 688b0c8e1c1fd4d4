import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type RiskLimit, riskQuestion, type ScopeState } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type TradingState } from '@scalpstorm/model';
import type { Caller } from './caller.js';
import { Emergency, type TradingStateReply } from './emergency.js';
import { accepted } from './refusals.js';
import { RiskScopes } from './risk-scopes.js';

export interface StateWish {
  readonly scope: RiskScope;
  readonly state: TradingState;
  readonly text: string;
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

  async limits({ user, commandId }: Caller): Promise<readonly RiskLimit[]> {
    const command = { kind: 'limits' as const, commandId, userId: user.userId, text: '' };
    return accepted(await this.bus.ask(riskQuestion, command)).limits ?? [];
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
  async setState(caller: Caller, { scope, state, text }: StateWish): Promise<ScopeStateView> {
    const { commandId, user } = caller;
    const { ownerId, operator } = await this.scopes.rightOn(caller, scope);
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
