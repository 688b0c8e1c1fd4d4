import type { TrialsMade } from '@scalpstorm/backtest';
import type { JobFault } from '@scalpstorm/contracts';
import type { Search, Trial } from '../ports/trial-records.js';
import type { Work, Worked } from '../ports/workbench.js';

/** What the thread is given. `module`: the file of its strategy, which it loads for itself, where that is the operator's own. */
export type JobWork = Work & { readonly module?: string };

/** What it says. The last one is `done` or `failed`. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'tried'; readonly search: Search; readonly trial: Trial }
  /** A question: every trial that was ever made; answered with `EverTried`. */
  | { readonly kind: 'ever-tried'; readonly search: Search }
  | { readonly kind: 'done'; readonly worked: Worked }
  | { readonly kind: 'failed'; readonly fault: JobFault };

/** What it is answered. */
export type EverTried = TrialsMade;
