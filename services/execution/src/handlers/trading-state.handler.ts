import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { RiskScope } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { TradingHalts } from '../ports/trading-halts.js';
import { CancelOpening } from './cancel-opening.js';

/**
 * A halt, a hold to reducing, or a release in. The gate denies what is asked after a halt; here ends what it had approved just before. What is
 * already at the venue stays there until it is canceled: by whoever asks for it, and here when the halt says so. Plans end what they would
 * open, and what is held is closed (`RunPlans`, `FlattenHeld`), for as long as the level that is kept here says so.
 */
@Controller()
export class TradingStateHandler {
  constructor(
    private readonly halts: TradingHalts,
    private readonly log: Log,
    private readonly cancelOpening: CancelOpening,
  ) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, scope, state, text, level = 'halt' }: TradingStateChanged): Promise<Outcome> {
    await this.halts.hear({ scope, state, text, since: meta.occurredAt, level });
    this.log.warn({ scope: RiskScope.format(scope), state, reason: text }, `trading is ${state}`);
    // One that was released meanwhile cancels nothing any more.
    const cancels = level !== 'halt' && this.halts.own(scope)?.state === 'halted';
    if (cancels && state === 'halted') await this.cancelOpening.run(scope, meta.eventId);
    return done;
  }
}
