import type { BacktestWarning } from '../fault.js';

/** Fewer round trips say nothing about the next ones. */
export const tradesMin = 30;

/** What is told beside the figures of a run with too few round trips. */
export function evidenceWarnings(trades: number): readonly BacktestWarning[] {
  if (trades >= tradesMin) return [];
  return [
    {
      code: 'NOT_ENOUGH_EVIDENCE',
      text: `${trades} round trips say little about the next ones; chance alone makes such figures.`,
      next: `Test over more data: at least ${tradesMin} round trips.`,
    },
  ];
}
