import type { Order } from './rows.js';

/** What must be, where it is a state: the sentence beside it says that already, and it is no figure. */
const states: ReadonlySet<string> = new Set(['active', 'live', 'trading']);

/** The limit that was met and what would have broken it; empty where neither is a figure. */
export function denialFigures(denial: Order['denial']): { readonly limit: string; readonly value: string } {
  if (denial === null || states.has(denial.limit)) return { limit: '', value: '' };
  return { limit: denial.limit, value: denial.value };
}
