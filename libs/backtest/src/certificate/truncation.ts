import { fail, ok, type Result, seededRng } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { type CertificateCheck, failed, passed } from './certificate.js';
import { barName, type Examined, firstDifference, wordsOf } from './examined.js';
import { cutBars, type Trace, traceOf } from './trace.js';

const next =
  'Use only what is known at the close of a bar: no later bars, no mean or extreme of the whole series, nothing kept from an earlier run.';

/** What something asks for at each of its places in time: bars, or the prices of bars. */
export interface Words {
  /** By place; empty where it asked for nothing. */
  readonly words: readonly string[];
}

/** How often data are cut. */
export interface Cuts {
  /** By chance. */
  readonly blind: number;
  /** At most, where something new is asked for. */
  readonly tradingMax: number;
}

/** Something that decides, place by place, over data that can be cut. */
export interface Cuttable<Run extends Words> {
  readonly length: number;
  /** Over fewer places it decides nothing. */
  readonly shortest: number;
  readonly seed: number;
  readonly cuts: Cuts;
  /** From the first place up to so many; it must not have seen the data before. */
  run(length: number): Result<Run, BacktestFault>;
  nameOf(place: number): string;
}

export interface Truncation<Run extends Words> {
  readonly check: CertificateCheck;
  readonly whole: Run;
}

/**
 * Cuts the data at t and runs again: what is decided up to t must be what is decided with all of them. The shortest piece goes first, so
 * that a strategy that remembers an earlier run can have seen nothing that the longer ones do not show. Then it is cut at places at which
 * something new is asked for, where looking ahead pays.
 */
export function checkTruncation<Run extends Words>(examined: Cuttable<Run>): Result<Truncation<Run>, BacktestFault> {
  const early: Run[] = [];
  for (const cut of blindly(examined, examined.cuts.blind)) {
    const piece = examined.run(cut);
    if (!piece.ok) return piece;
    early.push(piece.value);
  }
  const all = examined.run(examined.length);
  if (!all.ok) return fail(all.error);
  const whole = all.value;
  for (const piece of early) {
    const check = differs(examined, whole, piece);
    if (check !== null) return ok({ check, whole });
  }
  const cuts = whereItTrades(whole, examined.cuts.tradingMax);
  for (const cut of cuts) {
    const piece = examined.run(cut);
    if (!piece.ok) return piece;
    const check = differs(examined, whole, piece.value);
    if (check !== null) return ok({ check, whole });
  }
  const text = `cut at ${early.length + cuts.length} places, ${cuts.length} of them where it asks for something new; decided the same each time.`;
  return ok({ check: passed('truncation', text), whole });
}

const barCuts: Cuts = { blind: 24, tradingMax: 100 };

/** A rule over bars, cut at bars. */
export const cuttableBars = ({ bars, strategy, market, seed }: Examined): Cuttable<Trace> => ({
  length: bars.length,
  shortest: strategy.warmUp + 2,
  seed,
  cuts: barCuts,
  run: (length) => traceOf(cutBars(bars, 0, length), strategy, market),
  nameOf: (bar) => barName(bars, bar),
});

/** The same for the kernel, which sees all bars at once. Null: it passes. */
export function kernelLooksAhead(examined: Examined, { words }: Trace): CertificateCheck | null {
  const { bars, strategy } = examined;
  const { kernel } = strategy;
  if (kernel === null) return null;
  const whole = new Int8Array(bars.length);
  kernel(bars, whole);
  const cuts = [...blindly(cuttableBars(examined), barCuts.blind), ...whereItTrades({ words }, barCuts.tradingMax)];
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

function differs({ nameOf }: Pick<Cuttable<Words>, 'nameOf'>, whole: Words, piece: Words): CertificateCheck | null {
  const place = firstDifference(piece.words, whole.words);
  if (place === null) return null;
  const end = nameOf(piece.words.length - 1);
  const text = `at ${nameOf(place)} it asks for ${wordsOf(piece.words[place])} when the data end with ${end}, and for ${wordsOf(whole.words[place])} with all of them.`;
  return failed('truncation', text, next);
}

function blindly({ length, shortest, seed }: Omit<Cuttable<Words>, 'run'>, count: number): readonly number[] {
  const rng = seededRng(seed);
  const room = length - shortest;
  if (room <= 0) return [];
  return Array.from({ length: count }, () => shortest + rng.below(room)).toSorted((one, other) => one - other);
}

/** Places at which it asks for something else than at the one before. */
export const decisionsOf = ({ words }: Words): readonly number[] =>
  words.flatMap((said, place) => (said !== '' && said !== words[place - 1] ? place : []));

/** Lengths of data that end with such a place. */
function whereItTrades(run: Words, most: number): readonly number[] {
  const changes = decisionsOf(run).flatMap((place) => (place === 0 ? [] : place + 1));
  const step = Math.max(1, Math.ceil(changes.length / most));
  return changes.filter((_, at) => at % step === 0);
}
