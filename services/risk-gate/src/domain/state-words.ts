import type { Refusal, ScopeState } from '@scalpstorm/contracts';
import { isStricter, RiskScope } from '@scalpstorm/model';
import type { StateWord } from '../ports/trading-states.js';

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
    text: `${RiskScope.format(word.scope)} was set to ${before.state} by an operator, who alone makes it milder.`,
    allowed: 'people of role risk or admin',
    next: 'Ask one of them; the state says who it was and why.',
  };
}
