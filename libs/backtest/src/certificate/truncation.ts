import { fail, ok, type Result, seededRng } from '@scalpstorm/kernel';
import type { BarColumns } from '@scalpstorm/strategies';
import type { BacktestFault } from '../fault.js';
import { type CertificateCheck, failed, passed } from './certificate.js';
import { barName, type Examined, firstDifference, wordsOf } from './examined.js';
import { cutBars, type Trace, traceOf } from './trace.js';

const blindCuts = 24;
const tradingCutsMax = 100;
const next =
  'Use only what is known at the close of a bar: no later bars, no mean or extreme of the whole series, nothing kept from an earlier run.';

export interface Truncation {
  readonly check: CertificateCheck;
  readonly whole: Trace;
}

/**
 * Cuts the data at t and runs again: what is decided up to t must be what is decided with all of them. The shortest piece goes first, so
 * that a strategy that remembers an earlier run can have seen nothing that the longer ones do not show. Then it is cut at bars at which
 * something new is asked for, where looking ahead pays.
 */
export function checkTruncation({ bars, strategy, market, seed }: Examined): Result<Truncation, BacktestFault> {
  const early: Trace[] = [];
  for (const cut of blindly(bars.length, strategy.warmUp + 2, seed)) {
    const piece = traceOf(cutBars(bars, 0, cut), strategy, market);
    if (!piece.ok) return piece;
    early.push(piece.value);
  }
  const all = traceOf(bars, strategy, market);
  if (!all.ok) return fail(all.error);
  const whole = all.value;
  for (const piece of early) {
    const check = differs(bars, whole, piece);
    if (check !== null) return ok({ check, whole });
  }
  const cuts = whereItTrades(whole);
  for (const cut of cuts) {
    const piece = traceOf(cutBars(bars, 0, cut), strategy, market);
    if (!piece.ok) return piece;
    const check = differs(bars, whole, piece.value);
    if (check !== null) return ok({ check, whole });
  }
  const text = `cut at ${early.length + cuts.length} bars, ${cuts.length} of them where it asks for something new; decided the same each time.`;
  return ok({ check: passed('truncation', text), whole });
}

/** The same for the kernel, which sees all bars at once. Null: it passes. */
export function kernelLooksAhead({ bars, strategy, seed }: Examined, { words }: Trace): CertificateCheck | null {
  const { kernel, warmUp } = strategy;
  if (kernel === null) return null;
  const whole = new Int8Array(bars.length);
  kernel(bars, whole);
  const cuts = [...blindly(bars.length, warmUp + 2, seed), ...whereItTrades({ words })];
  for (const cut of cuts) {
    const piece = new Int8Array(cut);
    kernel(cutBars(bars, 0, cut), piece);
    const bar = firstDifference(piece, whole);
    if (bar === null) continue;
    const text = `the kernel decides otherwise at ${barName(bars, bar)} when the data end with ${barName(bars, cut - 1)}: ${piece[bar]} instead of ${whole[bar]}.`;
    return failed('kernel', text, next);
  }
  return null;
}

function differs(bars: BarColumns, whole: Trace, piece: Trace): CertificateCheck | null {
  const bar = firstDifference(piece.words, whole.words);
  if (bar === null) return null;
  const end = barName(bars, piece.words.length - 1);
  const text = `at ${barName(bars, bar)} it asks for ${wordsOf(piece.words[bar])} when the data end with ${end}, and for ${wordsOf(whole.words[bar])} with all of them.`;
  return failed('truncation', text, next);
}

function blindly(length: number, shortest: number, seed: number): readonly number[] {
  const rng = seededRng(seed);
  const room = length - shortest;
  if (room <= 0) return [];
  return Array.from({ length: blindCuts }, () => shortest + rng.below(room)).toSorted((one, other) => one - other);
}

/** Lengths of data that end with a bar at which it asks for something else than at the bar before. */
function whereItTrades({ words }: Pick<Trace, 'words'>): readonly number[] {
  const changes: number[] = [];
  for (let bar = 1; bar < words.length; bar += 1) {
    if (words[bar] !== '' && words[bar] !== words[bar - 1]) changes.push(bar + 1);
  }
  const step = Math.max(1, Math.ceil(changes.length / tradingCutsMax));
  return changes.filter((_, at) => at % step === 0);
}
