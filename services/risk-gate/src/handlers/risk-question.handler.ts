import { Controller } from '@nestjs/common';
import { Answers } from '@scalpstorm/bus';
import { type RiskAnswer, type RiskCommand, riskQuestion } from '@scalpstorm/contracts';
import { Log } from '@scalpstorm/observability';
import { type CurrentState, TradingStates } from '../ports/trading-states.js';

/** Halt and release. Durable before it is answered; halting twice is harmless. */
@Controller()
export class RiskQuestionHandler {
  constructor(
    private readonly states: TradingStates,
    private readonly log: Log,
  ) {}

  @Answers(riskQuestion)
  async answer({ kind, userId, text }: RiskCommand): Promise<RiskAnswer> {
    const before = this.states.of(userId);
    if (kind === 'state') return answered(before);
    const wanted = kind === 'halt' ? 'halted' : 'active';
    const current = await this.states.set(userId, wanted, text);
    if (current.since !== before.since) this.log.warn({ userId, state: wanted, reason: text }, 'trading state set');
    return answered(current);
  }
}

function answered({ state, text, since }: CurrentState): RiskAnswer {
  return { ok: true, value: { state, text, since } };
}
