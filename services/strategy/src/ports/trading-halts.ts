import type { TradingWord } from '../domain/trading-word.js';

/** What risk-gate said of each scope last; it survives this process. */
export abstract class TradingHalts {
  /** Of every scope of which something was ever said. */
  abstract load(): Promise<readonly TradingWord[]>;
  /** Durable when it resolves. An older one than the kept changes nothing, and what was obeyed stays so. */
  abstract keep(word: TradingWord): Promise<void>;
}
