import { isStricter, RiskScope } from '@scalpstorm/model';
import type { TradingInForce } from './policy.js';

/** Nobody has ever said anything. */
export const untouched: TradingInForce = { state: 'active', scope: RiskScope.platform, text: '', since: null };

/** What binds; of equally strict words the first. */
export const strictestOf = <Word extends TradingInForce>(words: Iterable<Word>, mildest: Word): Word => {
  let strictest = mildest;
  for (const word of words) if (isStricter(word.state, strictest.state)) strictest = word;
  return strictest;
};
