import type { Reason } from '@scalpstorm/model';
import type { ScalpingState } from '../scalping-cycle/state.js';

/** Plain JSON. */
export type LadderState = {
  readonly format: 1;
  readonly rungs: readonly ScalpingState[];
  /** When each of them wants to be woken. */
  readonly wakes: readonly (number | null)[];
  /** Why all is being closed; null: nothing ends it. */
  readonly ending: { readonly code: string; readonly text: string; readonly milestone: Ending['milestone'] } | null;
};

/** What ends the whole ladder: everything is closed at the market. */
export interface Ending extends Reason {
  readonly milestone: 'finished' | 'auto-stopped';
}

export const initialLadder: LadderState = { format: 1, rungs: [], wakes: [], ending: null };
