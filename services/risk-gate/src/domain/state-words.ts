import type { Refusal, ScopeState } from '@scalpstorm/contracts';
import { type HaltLevel, isStricter, RiskScope, type TradingState, type UserId } from '@scalpstorm/model';

export interface StateWord {
  readonly scope: RiskScope;
  readonly state: TradingState;
  readonly text: string;
  /** Who says it: a user, or what acts by itself. */
  readonly by: string;
  /** Said of what is not theirs. */
  readonly operator: boolean;
  /** Whose the scope is; null: nobody's in particular. */
  readonly ownerId: UserId | null;
  /** What whoever works for the scope does when it hears of a halt; absent: nothing more. Saying it again does it again. */
  readonly level?: HaltLevel;
}

/** What breakers say is said by them: `breaker:` and the name. */
export const breakerSpeaker = 'breaker:';
const isBreakers = ({ by }: Pick<StateWord, 'by'>): boolean => by.startsWith(breakerSpeaker);

/**
 * Does a word leave everything as it was? A person's over a breaker's, and an operator's over an owner's, does not: the time of the breaker, or
 * the owner, would end it.
 */
export const saysTheSame = (
  word: Pick<StateWord, 'state' | 'operator' | 'by' | 'level'>,
  known: Pick<ScopeState, 'state' | 'operator' | 'by'>,
): boolean =>
  (word.level ?? 'halt') === 'halt' &&
  known.state === word.state &&
  known.operator === word.operator &&
  (word.state === 'active' || isBreakers(known) === isBreakers(word));

/** A word of an operator stays one when its owner makes it stricter: or he would make it milder then. */
export function isOperators(word: Pick<StateWord, 'operator' | 'by' | 'ownerId'>, before: ScopeState): boolean {
  return word.operator ? word.by !== word.ownerId : before.operator && before.state !== 'active';
}

/** Why a word is not heeded; null when it is. Whatever is stricter always is. */
export function objectionTo(word: Pick<StateWord, 'scope' | 'state' | 'operator'>, before: ScopeState): Refusal | null {
  if (word.operator || !before.operator || !isStricter(before.state, word.state)) return null;
  return {
    code: 'RELEASE_NEEDS_OPERATOR',
    field: '/state',
    text: `${RiskScope.format(word.scope)} is ${before.state}, and was held back by an operator, who alone makes it milder.`,
    allowed: 'people of role risk or admin',
    next: 'Ask one of them; the state says who it was and why.',
  };
}
