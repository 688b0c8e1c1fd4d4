import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import {
  type DeadMan,
  type Refusal,
  type RiskAnswer,
  type RiskCommand,
  type RiskLimit,
  riskQuestion,
  type ScopeState,
} from '@scalpstorm/contracts';
import { strictestOf } from '@scalpstorm/engine';
import { isStricter, RiskScope, type ScopeKind, scopeKinds, type TradingState, type UserId } from '@scalpstorm/model';
import { Log, Metrics } from '@scalpstorm/observability';
import { LeaseLost } from '@scalpstorm/store';
import { wished } from '../domain/limit-wishes.js';
import { limitRows } from '../domain/limits.js';
import { isOperators, objectionTo, type StateWord } from '../domain/state-words.js';
import { GateLease } from '../ports/gate-lease.js';
import { Limits } from '../ports/limits.js';
import { ReleaseRule } from '../ports/release-asks.js';
import { TradingStates } from '../ports/trading-states.js';
import { Breakers } from './breakers.js';
import { WatchDeadMen } from './watch-dead-men.js';

/** Whom the gate takes an operator's word for who did not say who he is. */
const operator = 'operator';

const toldMax = 500;

const noScope: Refusal = {
  code: 'SCOPE_MISSING',
  field: '/scope',
  text: 'Limits are of a scope.',
  allowed: 'platform, venue, user, account or bot',
  next: 'Name the scope.',
};
const versionChanged: Refusal = {
  code: 'LIMITS_VERSION_CHANGED',
  field: '/version',
  text: 'The limits were changed since they were read.',
  allowed: 'the version as it is now',
  next: 'Read the limits again, and make your change to what they are now.',
};

const refused = (refusal: Refusal): RiskAnswer => ({ ok: false, refusals: [refusal] });

/** Whoever names no version changes what others have just left. */
const attemptsMax = 5;

interface Extras {
  readonly limits?: readonly RiskLimit[];
  readonly limitsVersion?: number;
  readonly states?: readonly ScopeState[];
  readonly deadMen?: readonly DeadMan[];
  readonly renewed?: boolean;
}

/**
 * What may be ordered, by whom: asked, and said. Durable before it is answered; saying it twice is harmless. A gate without the lease
 * answers nothing: what it knows may be old, and so may be what it is told.
 */
@Controller()
export class RiskQuestionHandler {
  constructor(
    private readonly states: TradingStates,
    private readonly limits: Limits,
    private readonly breakers: Breakers,
    private readonly lease: GateLease,
    private readonly log: Log,
    metrics: Metrics,
    private readonly deadMen: WatchDeadMen,
    private readonly releases: ReleaseRule,
  ) {
    metrics.gauge({
      name: 'risk_platform_halted',
      help: '1 while trading is halted on the whole platform.',
      collect: (gauge) => gauge.set(this.states.own(RiskScope.platform).state === 'halted' ? 1 : 0),
    });
    metrics.gauge({
      name: 'risk_states',
      help: 'Scopes (platform, venues, instruments, users, accounts, bots) that are held to reducing, or halted.',
      labels: ['kind', 'state'],
      collect: (gauge) => {
        for (const kind of scopeKinds) {
          for (const state of ['reducing', 'halted'] as const) gauge.set({ kind, state }, this.count(kind, state));
        }
      },
    });
  }

  /** @throws LeaseLost, so that the asker need not wait, and asks whoever has it */
  @Answers(riskQuestion)
  async answer(command: RiskCommand): Promise<RiskAnswer> {
    if (!this.lease.isHeld) throw new LeaseLost('this gate does not hold the lease');
    const { kind, userId, text } = command;
    switch (kind) {
      case 'state':
        return this.answered(userId);
      case 'limits':
        return this.answered(userId, this.limitsOf(command.scopes));
      case 'set-limits':
        return this.setLimits(command);
      case 'states':
        return this.answered(userId, { states: this.said(userId) });
      case 'set':
        return this.set({ ...command, ownerId: userId, operator: command.operator });
      case 'dead-men':
        return this.answered(userId, { deadMen: await this.deadMen.of(userId) });
      case 'arm':
      case 'disarm': {
        const changed = await this.deadMen.change(command);
        if (typeof changed !== 'string') return refused(changed);
        const whose = RiskScope.format(command.scope);
        const timers = await this.deadMen.of(null);
        const deadMen = timers.filter(({ scope }) => RiskScope.format(scope) === whose);
        return this.answered(userId, { deadMen, renewed: changed === 'renewed' });
      }
      case 'halt':
      case 'release': {
        const scope = userId === null ? RiskScope.platform : RiskScope.user(userId);
        const state = kind === 'halt' ? 'halted' : 'active';
        const [by, ofOthers] = [command.by ?? userId ?? operator, userId === null];
        return this.set({ scope, state, text, by, operator: ofOthers, ownerId: userId, level: command.level });
      }
    }
  }

  private limitsOf(scopes: readonly RiskScope[]): Extras {
    const scope = scopes.at(-1) ?? RiskScope.platform;
    const own = this.limits.own(scope);
    return { limits: limitRows(this.limits.within(scopes), own.limits), limitsVersion: own.version };
  }

  private async setLimits(command: Extract<RiskCommand, { kind: 'set-limits' }>): Promise<RiskAnswer> {
    const { scopes, wishes, expectedVersion, by, text, userId } = command;
    const scope = scopes.at(-1);
    if (scope === undefined) return refused(noScope);
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const { limits, version } = this.limits.own(scope);
      if (expectedVersion !== null && expectedVersion !== version) break;
      const found = wished(limits, wishes, { scope, wider: this.limits.within(scopes.slice(0, -1)) });
      if (!found.ok) return found;
      const change = { scope, limits: found.limits, expectedVersion: version, by, text, ownerId: userId };
      if ((await this.limits.set(change)) === null) continue;
      this.log.warn({ scope: RiskScope.format(scope), reason: text, by }, 'limits were changed');
      return this.answered(userId, this.limitsOf(scopes));
    }
    return refused(versionChanged);
  }

  /** What is stricter waits for nothing. */
  private set(word: StateWord): Promise<RiskAnswer> {
    const isMilder = isStricter(this.states.own(word.scope).state, word.state);
    return isMilder ? this.breakers.overruled(word.scope, () => this.say(word)) : this.say(word);
  }

  private async say(word: StateWord): Promise<RiskAnswer> {
    const before = this.states.own(word.scope);
    const refusal =
      objectionTo(word, before) ?? this.breakers.objectionTo(word) ?? (await this.releases.objectionTo(word, before));
    if (refusal !== null) return refused(refusal);
    const { scope, state, text, by, ownerId, level } = word;
    const current = await this.states.set({
      ...{ scope, state, text, by, ownerId, level },
      operator: isOperators(word, before),
    });
    const whose = RiskScope.format(scope);
    if (current.since !== before.since) this.log.warn({ scope: whose, reason: text, by }, `trading is ${state}`);
    return this.answered(ownerId, { states: [current] });
  }

  /** What was released is over. Nobody reads through more. */
  private said(userId: UserId | null): readonly ScopeState[] {
    return this.states
      .said(userId)
      .filter(({ state }) => state !== 'active')
      .slice(0, toldMax);
  }

  private count(kind: ScopeKind, state: TradingState): number {
    return this.states.said(null).filter((one) => one.scope.kind === kind && one.state === state).length;
  }

  /** What binds the user, which after a release may be the platform's halt. */
  private answered(userId: UserId | null, extras: Extras = {}): RiskAnswer {
    const platform = this.states.own(RiskScope.platform);
    const own = userId === null ? [] : [this.states.own(RiskScope.user(userId))];
    const { state, text, since } = strictestOf(own, platform);
    return { ok: true, value: { state, text, since, ...extras } };
  }
}
