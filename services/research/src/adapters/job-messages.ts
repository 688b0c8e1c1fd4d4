import type { JobFault } from '@scalpstorm/contracts';
import type { Work, Worked } from '../ports/workbench.js';

/** What the thread is given. */
export type JobWork = Work;

/** What it says. The last one is not `progress`. */
export type JobMessage =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly worked: Worked }
  | { readonly kind: 'failed'; readonly fault: JobFault };
