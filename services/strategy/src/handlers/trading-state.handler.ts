import { Controller } from '@nestjs/common';
import { done, Hears, type Outcome } from '@scalpstorm/bus';
import { type TradingStateChanged, tradingStateChanged } from '@scalpstorm/contracts';
import { Log } from '@scalpstorm/observability';

/** The gate enforces a halt; the strategies only learn why they are denied. */
@Controller()
export class TradingStateHandler {
  constructor(private readonly log: Log) {}

  @Hears(tradingStateChanged)
  async onChanged({ userId, state, text }: TradingStateChanged): Promise<Outcome> {
    this.log.warn({ userId, state, reason: text }, 'the trading state was changed');
    return done;
  }
}
