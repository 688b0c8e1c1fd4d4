import type { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type ScopeMember } from '@scalpstorm/model';
import { holdsBack, TradingHalts, type TradingWord } from '../src/ports/trading-halts.js';

export class MemoryTradingHalts extends TradingHalts {
  private readonly words = new Map<string, TradingWord>();

  override async load(): Promise<void> {}

  override async hear(word: TradingWord): Promise<void> {
    this.words.set(RiskScope.format(word.scope), word);
  }

  override over(order: ScopeMember, approvedAt: Timestamp): TradingWord | null {
    const words = RiskScope.all(order).map((scope) => this.words.get(RiskScope.format(scope)));
    return words.find((word) => word !== undefined && holdsBack(word, approvedAt)) ?? null;
  }

  override isHalted(scopes: readonly RiskScope[]): boolean {
    return scopes.some((scope) => this.words.get(RiskScope.format(scope))?.state === 'halted');
  }
}
