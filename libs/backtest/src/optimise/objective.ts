import type { TrialFigures } from '../figures/trial-figures.js';

export const objectives = ['sharpe', 'return', 'calmar', 'profit-factor'] as const;
export type Objective = (typeof objectives)[number];

/** Where nothing was lost, and a ratio to a loss has no end. */
const scoreMax = 1_000;

/**
 * The more, the better. Null: no round trip, so there is nothing to judge.
 * - `sharpe`: a year
 * - `return`: percent
 * - `calmar`: return a year, not compounded (so that short stretches stay comparable) ÷ the deepest fall
 * - `profit-factor`: Σ gains ÷ Σ losses
 */
export function scoreOf(figures: TrialFigures, objective: Objective, barsAYear: number): number | null {
  if (figures.trades === 0) return null;
  switch (objective) {
    case 'sharpe':
      return figures.sharpe;
    case 'return':
      return figures.returnPct;
    case 'calmar':
      return ratio((figures.returnPct * barsAYear) / figures.observations, figures.maxDrawdownPct);
    case 'profit-factor':
      return Math.min(scoreMax, figures.profitFactor ?? scoreMax);
  }
}

const ratio = (gain: number, fall: number): number => (fall > 0 ? gain / fall : gain > 0 ? scoreMax : 0);

/** What ranks one combination against another. */
export interface Standing {
  readonly place: number;
  readonly score: number | null;
  readonly maxDrawdownPct: number;
  readonly trades: number;
}

/**
 * Negative: the first is the better one. By score; of equal ones the lesser fall, then fewer round trips, then the earlier place of the
 * space. So there are no ties.
 */
export function byStanding(one: Standing, other: Standing): number {
  if (one.score !== other.score) {
    if (one.score === null) return 1;
    return other.score === null ? -1 : other.score - one.score;
  }
  return one.maxDrawdownPct - other.maxDrawdownPct || one.trades - other.trades || one.place - other.place;
}
