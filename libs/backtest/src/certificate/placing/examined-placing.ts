import type { JsonObject } from '@scalpstorm/model';
import type { Strategy } from '@scalpstorm/strategies';
import { barName } from '../examined.js';
import { type Market, type Moment, momentsInBar } from './moments.js';

/** A strategy that places its orders itself, and the market that it is examined over. */
export interface ExaminedPlacing {
  readonly strategy: Strategy;
  readonly parameters: JsonObject;
  readonly market: Market;
  readonly moments: readonly Moment[];
  /** Bars that what it measures of the market has to hear first; 0 where it measures nothing. */
  readonly warmUp: number;
  /** So many cycles trade as one, those with the same remainder of their number by it in one lane; 1 where it is no ladder. */
  readonly lanes: number;
  readonly seed: number;
}

/** A moment as a person finds it again. */
export const momentName = ({ bars }: Market, moment: number): string =>
  `price ${(moment % momentsInBar) + 1} of ${momentsInBar} of ${barName(bars, Math.floor(moment / momentsInBar))}`;
