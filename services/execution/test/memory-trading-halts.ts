import type { UserId } from '@scalpstorm/model';
import { TradingHalts, type TradingWord } from '../src/ports/trading-halts.js';

export class MemoryTradingHalts extends TradingHalts {
  private readonly words = new Map<UserId | null, TradingWord>();

  override async load(): Promise<void> {}

  override async hear(word: TradingWord): Promise<void> {
    this.words.set(word.userId, word);
  }

  override over(userId: UserId): TradingWord | null {
    return [this.words.get(null), this.words.get(userId)].find((word) => word?.halted) ?? null;
  }
}
