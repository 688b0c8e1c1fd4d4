import type { Timestamp } from '@scalpstorm/kernel';
import { RiskScope, type ScopeMember } from '@scalpstorm/model';
import { holdsBack, keptWord, strictestEnding, TradingHalts, type TradingWord } from '../src/ports/trading-halts.js';

export class MemoryTradingHalts extends TradingHalts {
  private readonly words = new Map<string, TradingWord>();

  /** What another process has kept in the same table. */
  told: readonly TradingWord[] = [];

  override async load(): Promise<void> {}

  override async unheard(): Promise<readonly TradingWord[]> {
    await this.stored();
    return this.told.filter(({ scope, since }) => (this.own(scope)?.since ?? 0) < since);
  }

  override async hear(word: TradingWord): Promise<void> {
    const known = this.words.get(RiskScope.format(word.scope));
    const kept = keptWord(word, known);
    if (known === undefined || word.since >= known.since) this.words.set(RiskScope.format(word.scope), kept);
    await this.stored();
  }

  /** The disk; a test lets it fail. */
  stored: () => Promise<void> = async () => undefined;

  override own(scope: RiskScope): TradingWord | null {
    return this.words.get(RiskScope.format(scope)) ?? null;
  }

  override async adopt(word: TradingWord, instead: TradingWord): Promise<void> {
    const scope = RiskScope.format(word.scope);
    if (this.words.get(scope) === instead) this.words.set(scope, word);
  }

  override over(order: ScopeMember, approvedAt: Timestamp): TradingWord | null {
    const words = RiskScope.all(order).map((scope) => this.words.get(RiskScope.format(scope)));
    return words.find((word) => word !== undefined && holdsBack(word, approvedAt)) ?? null;
  }

  override endingOver(order: ScopeMember) {
    return strictestEnding(RiskScope.all(order).map((scope) => this.words.get(RiskScope.format(scope))));
  }

  override ending(): readonly TradingWord[] {
    return [...this.words.values()].filter((word) => strictestEnding([word]) !== null);
  }

  override isFlattening(): boolean {
    return strictestEnding(this.words.values()) === 'flatten';
  }

  override isHalted(scopes: readonly RiskScope[]): boolean {
    return scopes.some((scope) => this.words.get(RiskScope.format(scope))?.state === 'halted');
  }
}
