import { fail, ok, type Result } from '@scalpstorm/kernel';
import { wholePercent } from './kernels.js';

/** With fewer finished cycles the share of those that were won is a guess: ± 18 points of a hundred at 95 % where half are won. */
export const evidenceMin = 30;

/** What a bot's own finished cycles say, the newest of them. */
export interface TrackRecord {
  readonly cycles: number;
  readonly won: number;
  /** Mean gain of those that were won ÷ mean loss of the others, in 10^-2. */
  readonly payoff: bigint;
  /** Kelly's fraction in 10^-4 percent; above zero. */
  readonly fraction: bigint;
}

export type NoKelly =
  /** Too few cycles, or none among them that lost anything, so that nobody knows what a loss is. */
  | { readonly kind: 'too-little'; readonly cycles: number }
  /** In the mean they lose: Kelly's fraction is zero or less. */
  | { readonly kind: 'no-edge'; readonly cycles: number; readonly won: number };

/**
 * f = W − (1 − W) ÷ R, with W = share of cycles that were won and R = mean gain of those ÷ mean loss of the others. Without rounding on the
 * way: f = won × (Σ gains − Σ losses) ÷ (cycles × Σ gains).
 *
 * J. L. Kelly, "A New Interpretation of Information Rate", Bell System Technical Journal 35 (1956); in this form by E. O. Thorp, "The
 * Kelly Criterion in Blackjack, Sports Betting, and the Stock Market" (2006). Kelly's stake is lost as a whole when it is lost; a cycle
 * loses only a part of what it buys, so the fraction taken as the value of an entry is less than Kelly allows, on purpose.
 * @param returns net result ÷ value of the entry of each cycle, in any one unit; a cycle that brought nothing counts as lost
 */
export function kellyOf(returns: readonly bigint[]): Result<TrackRecord, NoKelly> {
  const cycles = returns.length;
  const gains = returns.filter((one) => one > 0n);
  const [won, lost] = [gains.length, cycles - gains.length];
  const gained = sum(gains);
  const loss = gained - sum(returns);
  if (cycles < evidenceMin || loss === 0n) return fail({ kind: 'too-little', cycles });
  if (gained <= loss) return fail({ kind: 'no-edge', cycles, won });
  const fraction = (BigInt(won) * (gained - loss) * wholePercent) / (BigInt(cycles) * gained);
  if (fraction === 0n) return fail({ kind: 'no-edge', cycles, won });
  const payoff = (gained * BigInt(lost) * 100n) / (BigInt(won) * loss);
  return ok({ cycles, won, payoff, fraction });
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
