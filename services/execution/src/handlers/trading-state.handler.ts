import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { ObeyTradingWord } from './obey-trading-word.js';

/**
 * A halt, a hold to reducing, or a release in. The gate denies what is asked after a halt; here ends what it had approved just before. What is
 * already at the venue stays there until it is canceled: by whoever asks for it, and here when the halt says so. Plans end what they would
 * open, and what is held is closed (`RunPlans`, `FlattenHeld`), for as long as the level that is kept here says so.
 */
@Controller()
export class TradingStateHandler {
  constructor(private readonly obey: ObeyTradingWord) {}

  @Hears(tradingStateChanged)
  async onChanged({ meta, scope, state, text, level = 'halt' }: TradingStateChanged): Promise<Outcome> {
    await this.obey.run({ scope, state, text, since: meta.occurredAt, level }, meta.eventId);
    return done;
  }
}
