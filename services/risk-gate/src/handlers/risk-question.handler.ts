import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type RiskAnswer, type RiskCommand, type RiskLimit, riskQuestion } from '@scalpstorm/contracts';
import type { UserId } from '@scalpstorm/model';
import { Log, Metrics } from '@scalpstorm/observability';
import { limitRows } from '../domain/limits.js';
import { TradingStates } from '../ports/trading-states.js';
import { GateSettings } from './gate.js';

/** Halt and release, for a user or, asked by an operator, for the whole platform. Durable before it is answered; halting twice is harmless. */
@Controller()
export class RiskQuestionHandler {
  constructor(
    private readonly states: TradingStates,
    private readonly settings: GateSettings,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    metrics.gauge({
      name: 'risk_platform_halted',
      help: '1 while trading is halted on the whole platform.',
      collect: (gauge) => gauge.set(this.states.own(null).state === 'halted' ? 1 : 0),
    });
  }

  @Answers(riskQuestion)
  async answer({ kind, userId, text }: RiskCommand): Promise<RiskAnswer> {
    const before = this.states.own(userId);
    if (kind === 'state') return this.answered(userId);
    if (kind === 'limits') return this.answered(userId, limitRows(this.settings.limits));
    const wanted = kind === 'halt' ? 'halted' : 'active';
    const current = await this.states.set(userId, wanted, text);
    if (current.since !== before.since)
      this.log.warn(
        { userId, reason: text },
        `trading is ${wanted} ${userId === null ? 'on the whole platform' : 'for one user'}`,
      );
    return this.answered(userId);
  }

  /** What binds the user, which after a release may be the platform's halt. */
  private answered(userId: UserId | null, limits: readonly RiskLimit[] = []): RiskAnswer {
    const { state, text, since } = userId === null ? this.states.own(null) : this.states.of(userId);
    return { ok: true, value: { state, text, since, limits } };
  }
}
