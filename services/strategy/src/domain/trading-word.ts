import type { TradingInForce } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import { type HaltLevel, haltLevels } from '@scalpstorm/model';

/** What the gate said of a scope last. */
export interface TradingWord extends TradingInForce {
  readonly since: Timestamp;
  /** Of a halt: what bots do besides ordering nothing new. */
  readonly level: HaltLevel;
  /** Bots did it, or there is nothing that they do. */
  readonly isObeyed: boolean;
}

export type ToldWord = Omit<TradingWord, 'isObeyed'>;

/**
 * As it is kept. A word is obeyed once, however often it comes, and an older one changes nothing. While trading stays halted no milder one
 * takes a level back: one without a level says nothing new to bots, and one that asks again does so at the stricter level.
 */
export function keptWord(told: ToldWord, known: TradingWord | undefined): TradingWord {
  if (known !== undefined && known.since >= told.since) return known;
  if (told.state !== 'halted') return { ...told, isObeyed: true };
  const standing = known?.state === 'halted' ? known : null;
  const level = standing !== null && rankOf(standing) > rankOf(told) ? standing.level : told.level;
  return { ...told, level, isObeyed: told.level === 'halt' && (standing?.isObeyed ?? true) };
}

/** Null: they only order nothing new, or what they like. */
export function verbOf({ state, level }: TradingWord): 'stop' | 'flatten' | null {
  if (state !== 'halted' || level === 'halt') return null;
  return level === 'cancel' ? 'stop' : 'flatten';
}

const rankOf = ({ level }: ToldWord): number => haltLevels.indexOf(level);
