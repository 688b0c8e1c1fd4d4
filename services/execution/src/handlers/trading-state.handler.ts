import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { Log } from '@scalpstorm/observability';
import { TradingHalts } from '../ports/trading-halts.js';

/**
 * A halt or its release in. The gate denies what is asked after a halt; here ends what it had approved just before. What is
 * already at the venue stays there until it is canceled.
 */
@Controller()
export class TradingStateHandler {
  constructor(
    private readonly halts: TradingHalts,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, userId, state, text }: TradingStateChanged): Promise<Outcome> {
    await this.halts.hear({ userId, halted: state === 'halted', text, since: meta.occurredAt });
    const whose = userId === null ? 'trading' : `trading of user ${userId}`;
    this.log.warn({ userId, state, reason: text }, `${whose} is ${state}`);
    return done;
  }
}
