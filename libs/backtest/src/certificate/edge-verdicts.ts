import { type CertificateCheck, failed, passed } from './certificate.js';

/** Standard errors: chance alone gets there once in some millions of strategies. */
const chanceMax = 5;
/** An edge below this says nothing. */
const edgeMin = 4;
const keptMin = 0.25;

/** How what was earned in markets without anything to know is told. */
export interface ShuffledWords {
  /** What they are made of. */
  readonly markets: string;
  amount(value: number): string;
  /** The standard error is at least this: what wins a little nearly always varies less than it could lose. 0 when absent. */
  readonly errorMin?: number;
}

/** Of what was earned beyond the market in each of several markets in which there is nothing to know. */
export function judgeShuffled(gains: readonly number[], words: ShuffledWords): CertificateCheck {
  const { markets, amount, errorMin = 0 } = words;
  const { mean, error: seen } = meanOf(gains);
  const error = Math.max(seen, errorMin);
  const told = `over ${gains.length} markets ${markets} it earned ${amount(mean)} on average beyond the market (standard error ${amount(error)})`;
  if (mean <= chanceMax * error) return passed('shuffled', `${told}: there was nothing to gain, as it must be.`);
  const next =
    'There is nothing to know in such a market: look for a later bar that it sees, or a fill that nobody gets.';
  return failed('shuffled', `${told}.`, next);
}

/** Both in standard errors: the edge on time, and what is left of it with every bar one bar late. */
export function judgeDelayed(edge: number, kept: number): CertificateCheck {
  const told = `its edge before costs is ${edge.toFixed(1)} standard errors, and ${kept.toFixed(1)} with every bar one bar late`;
  if (edge < edgeMin || kept >= edge * keptMin) return passed('delayed', `${told}.`);
  const next =
    'Look whether the data of a bar hold something of the next one: a time stamp of its end, a column filled in later.';
  return failed('delayed', `${told}.`, next);
}

/** Mean ÷ its standard error; 0 where all are the same. */
export function standardErrorsOf(values: readonly number[]): number {
  const { mean, error } = meanOf(values);
  return error === 0 ? 0 : mean / error;
}

function meanOf(values: readonly number[]): { readonly mean: number; readonly error: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}
