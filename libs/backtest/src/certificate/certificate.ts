import type { JsonObject } from '@scalpstorm/model';
import type { BacktestWarning } from '../fault.js';

export const checkNames = ['truncation', 'repeat', 'kernel', 'warm-up', 'restart', 'shuffled', 'delayed'] as const;
export type CheckName = (typeof checkNames)[number];

/** More bars say no more about what a strategy knows. */
export const examinedBarsMax = 30_000;

/** A strategy that hardly asks for anything hides nothing, and shows nothing. */
export const decisionsMin = 5;

/** What one check found. */
export interface CertificateCheck {
  readonly name: CheckName;
  readonly passed: boolean;
  /** What was looked at and what came of it, with numbers. */
  readonly text: string;
  /** What to do; null when it passed. */
  readonly next: string | null;
}

/** What is known against a strategy; plain JSON. The same strategy, data and seed give the same one. */
export interface Certificate {
  /** Of this very form. */
  readonly format: 1;
  readonly strategy: string;
  /** Digest of `versionText`, or of what `placingVersionText` says: what the strategy does, the same wherever it runs. What the certificate is good for. */
  readonly version: string;
  /** Of the files of the code that was examined; null: it ran from a bundle, whose files tell nothing. */
  readonly codeHash: string | null;
  readonly parameters: JsonObject;
  readonly dataHash: string;
  /** Bars that were looked at: the first so many of the data. */
  readonly bars: number;
  readonly from: string;
  readonly to: string;
  /** Bars, or prices of bars, at which it asks for something else than at the one before: where there are none, nothing was looked at. */
  readonly decisions: number;
  readonly seed: number;
  readonly checks: readonly CertificateCheck[];
  /** What is no reason to refuse it, and must be known: `SETTLES_LATE`, `BEGINNING_NOT_COMPARED`, `HANGS_ON_ORDERS`, `FEW_DECISIONS`. */
  readonly warnings: readonly BacktestWarning[];
  /** Every check passed. */
  readonly valid: boolean;
}

export const passed = (name: CheckName, text: string): CertificateCheck => ({ name, passed: true, text, next: null });

export const failed = (name: CheckName, text: string, next: string): CertificateCheck => ({
  name,
  passed: false,
  text,
  next,
});

/** Beside what a check warns of. */
export function warningsWith(decisions: number, warning: BacktestWarning | null): readonly BacktestWarning[] {
  const ofCheck = warning === null ? [] : [warning];
  if (decisions >= decisionsMin) return ofCheck;
  const text = `It asked for something ${decisions} times; with fewer than ${decisionsMin} there was hardly anything to examine.`;
  const next = 'Give more bars, longer ones, or others: this certificate says next to nothing.';
  return [...ofCheck, { code: 'FEW_DECISIONS', text, next }];
}
