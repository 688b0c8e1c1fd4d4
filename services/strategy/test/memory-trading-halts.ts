import { RiskScope } from '@scalpstorm/model';
import type { TradingWord } from '../src/domain/trading-word.js';
import { TradingHalts } from '../src/ports/trading-halts.js';

/** The kept words in memory, with the failures of a real record on demand. */
export class MemoryTradingHalts extends TradingHalts {
  readonly words = new Map<string, TradingWord>();
  /** Writes fail with it until it is null. */
  failure: Error | null = null;

  async load(): Promise<readonly TradingWord[]> {
    return [...this.words.values()];
  }

  async keep(word: TradingWord): Promise<void> {
    if (this.failure) throw this.failure;
    const scope = RiskScope.format(word.scope);
    const known = this.words.get(scope);
    const isNews = known === undefined || word.since > known.since || (word.since === known.since && word.isObeyed);
    if (isNews) this.words.set(scope, word);
  }
}
