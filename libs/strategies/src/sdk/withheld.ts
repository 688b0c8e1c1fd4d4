import type { Reason } from '@scalpstorm/model';

/** Why a bot opens nothing, whatever its strategy wants. What it holds is looked after all the same. */
export interface Withheld extends Reason {
  /** One that begins with `WAITS_`. */
  readonly code: string;
  /** False: there is no rule that could be heard. Else what it says of leaving counts. */
  readonly hears: boolean;
}
