import { Injectable } from '@nestjs/common';
import { Bus } from '@scalpstorm/bus';
import { type DeadMan, type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, RiskScope } from '@scalpstorm/model';
import type { Caller } from './caller.js';
import type { HaltScope } from './emergency.js';
import { accepted } from './refusals.js';
import { RiskScopes } from './risk-scopes.js';

export interface DeadManWish {
  readonly scope: HaltScope;
  readonly seconds: number;
  readonly level: HaltLevel;
}
export interface DeadManView {
  readonly scope: string;
  readonly level: HaltLevel;
  readonly seconds: number;
  readonly expiresAt: string;
  /** Who armed it last. */
  readonly by: string;
}

export interface ArmedDeadManView extends DeadManView {
  /** It ran already, in the same words. False: it was armed anew, because there was none, it had run out, or its words differ. */
  readonly renewed: boolean;
}

/** Timers that halt by themselves. Whoever may halt a scope arms its timer. */
@Injectable()
export class DeadMen {
  constructor(
    private readonly bus: Bus,
    private readonly scopes: RiskScopes,
  ) {}

  /** Those of the caller; for operators everybody's. */
  async list(caller: Caller): Promise<readonly DeadManView[]> {
    const userId = this.scopes.seesAll(caller) ? null : caller.user.userId;
    const { deadMen = [] } = await this.#ask({ kind: 'dead-men', commandId: caller.commandId, userId, text: '' });
    return deadMen.map(viewOf);
  }

  /** @throws ProblemRaised when the caller may not, when there is no such scope, and when an operator armed it */
  async arm(caller: Caller, { scope, seconds, level }: DeadManWish): Promise<ArmedDeadManView> {
    const aimed = await this.#aimed(caller, scope);
    const { deadMen = [], renewed = false } = await this.#ask({ kind: 'arm', ...aimed, seconds, level });
    const [timer] = deadMen;
    if (timer === undefined) throw new Error('the gate armed a timer and does not tell it');
    return { ...viewOf(timer), renewed };
  }

  /** @throws ProblemRaised as {@link arm} */
  async disarm(caller: Caller, scope: HaltScope): Promise<void> {
    await this.#ask({ kind: 'disarm', ...(await this.#aimed(caller, scope)) });
  }

  async #aimed(caller: Caller, wanted: HaltScope) {
    const { user, commandId } = caller;
    const scope = wanted === 'mine' ? RiskScope.user(user.userId) : wanted;
    const own = { ownerId: user.userId, operator: false };
    const { ownerId, operator } = wanted === 'mine' ? own : await this.scopes.rightOn(caller, scope);
    return { commandId, userId: ownerId, text: '', scope, by: user.userId, operator };
  }

  async #ask(command: RiskCommand) {
    return accepted(await this.bus.ask(riskQuestion, command));
  }
}

const viewOf = ({ scope, level, seconds, expiresAt, by }: DeadMan): DeadManView => ({
  ...{ scope: RiskScope.format(scope), level, seconds, by },
  expiresAt: Timestamp.toIso(expiresAt),
});
