import { Injectable } from '@nestjs/common';
import { type EventId, RiskScope } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { TradingHalts, type TradingWord } from '../ports/trading-halts.js';
import { CancelOpening } from './cancel-opening.js';

/**
 * Keeps what was said about trading, and cancels what opens where a halt says so, whichever way the word came: from the bus, or from the
 * table, where another process had kept it. The rest follows from what is kept: `OrderApprovedHandler`, `RunPlans`, `FlattenHeld`.
 */
@Injectable()
export class ObeyTradingWord {
  constructor(
    private readonly halts: TradingHalts,
    private readonly log: Log,
    private readonly cancelOpening: CancelOpening,
  ) {}

  /** @throws what the database throws: repeat it then, which is harmless */
  async run(word: TradingWord, causedBy: EventId | null): Promise<void> {
    const { scope, state, text, level = 'halt' } = word;
    await this.halts.hear(word);
    this.log.warn({ scope: RiskScope.format(scope), state, reason: text }, `trading is ${state}`);
    // One that was released meanwhile cancels nothing any more.
    const cancels = level !== 'halt' && this.halts.own(scope)?.state === 'halted';
    if (cancels && state === 'halted') await this.cancelOpening.run(scope, causedBy);
  }
}
