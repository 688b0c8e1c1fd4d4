import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { RiskScope, ScopeMember, TradingState } from '@scalpstorm/model';

export interface TradingWord {
  readonly scope: RiskScope;
  readonly state: TradingState;
  /** Why, in words. */
  readonly text: string;
  readonly since: Timestamp;
}

/** Whose trading is halted, or held to reducing, as risk-gate told it last; it survives this process. */
export abstract class TradingHalts {
  /** Reads what an earlier process heard; nothing is sent before. */
  abstract load(): Promise<void>;
  /** A stricter word works at once and resolves when it is durable; a milder one works when it is. An older one changes nothing. */
  abstract hear(word: TradingWord): Promise<void>;
  /**
   * The word that holds back an opening order which was approved then, the widest first; null when there is none. What the gate approved
   * after it had said that only what reduces is ordered does reduce.
   */
  abstract over(order: ScopeMember, approvedAt: Timestamp): TradingWord | null;
  /** What was said of the scope last; null: nothing. */
  abstract own(scope: RiskScope): TradingWord | null;
  /** The same word by the clock of the gate, instead of one that was said here; durable when it resolves. */
  abstract adopt(word: TradingWord, instead: TradingWord): Promise<void>;
  /** Does no opening order leave of what belongs to all of these? */
  abstract isHalted(scopes: readonly RiskScope[]): boolean;
}

/** The gate dates an approval a moment after it has judged. */
const judgedWithin = 100 * millisecond;

/** Does the word hold back what was approved then? */
export const holdsBack = ({ state, since }: TradingWord, approvedAt: Timestamp): boolean =>
  state === 'halted' || (state === 'reducing' && approvedAt <= Timestamp.plus(since, judgedWithin));
