import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { RiskScope } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { TradingHalts } from '../ports/trading-halts.js';

/**
 * A halt, a hold to reducing, or a release in. The gate denies what is asked after a halt; here ends what it had approved just before. What is
 * already at the venue stays there until it is canceled.
 */
@Controller()
export class TradingStateHandler {
  constructor(
    private readonly halts: TradingHalts,
    private readonly log: Log,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, scope, state, text }: TradingStateChanged): Promise<Outcome> {
    await this.halts.hear({ scope, state, text, since: meta.occurredAt });
    this.log.warn({ scope: RiskScope.format(scope), state, reason: text }, `trading is ${state}`);
    return done;
  }
}
