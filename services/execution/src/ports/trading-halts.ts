import type { EndingLevel } from '@scalpstorm/engine';
import { millisecond, Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, haltLevels, type RiskScope, type ScopeMember, type TradingState } from '@scalpstorm/model';

export interface TradingWord {
  readonly scope: RiskScope;
  readonly state: TradingState;
  /** Why, in words. */
  readonly text: string;
  readonly since: Timestamp;
  /** Of a halt: what it does besides holding back. Absent: nothing. */
  readonly level?: HaltLevel;
}

/** Whose trading is halted, or held to reducing, as risk-gate told it last; it survives this process. */
export abstract class TradingHalts {
  /** Reads what an earlier process heard; nothing is sent before. */
  abstract load(): Promise<void>;
  /** What is on record and newer than what is known here: another process was told it. Nothing is kept by asking. */
  abstract unheard(): Promise<readonly TradingWord[]>;
  /** A stricter word works at once and resolves when it is durable; a milder one works when it is. An older one changes nothing. */
  abstract hear(word: TradingWord): Promise<void>;
  /**
   * The word that holds back an opening order which was approved then, the widest first; null when there is none. What the gate approved
   * after it had said that only what reduces is ordered does reduce.
   */
  abstract over(order: ScopeMember, approvedAt: Timestamp): TradingWord | null;
  /** What was said of the scope last; null: nothing. */
  abstract own(scope: RiskScope): TradingWord | null;
  /** Every halt that stands and does more than hold back. */
  abstract ending(): readonly TradingWord[];
  /** What the strictest halt over it ends; null: nothing. */
  abstract endingOver(order: ScopeMember): EndingLevel | null;
  /** Does any halt close what is held? */
  abstract isFlattening(): boolean;
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

/** As it is kept: while trading stays halted a word of a milder level takes nothing back, whoever says it. Only a release does. */
export function keptWord(word: TradingWord, known: TradingWord | undefined): TradingWord {
  if (word.state !== 'halted' || known?.state !== 'halted' || known.since > word.since) return word;
  return rankOf(known) > rankOf(word) ? { ...word, level: known.level ?? 'halt' } : word;
}

export function strictestEnding(words: Iterable<TradingWord | undefined>): EndingLevel | null {
  let ends: EndingLevel | null = null;
  for (const word of words) {
    if (word?.state !== 'halted' || word.level === undefined || word.level === 'halt') continue;
    if (ends !== 'flatten') ends = word.level;
  }
  return ends;
}

const rankOf = ({ level = 'halt' }: TradingWord): number => haltLevels.indexOf(level);
