import type { Finding, Judgement } from './judgement.js';
import type { RiskLimits } from './policy.js';

/** One answer that a check may give. */
export interface Refusal {
  readonly code: string;
  /** The field of the order that is to blame, as a JSON pointer; empty when none is. */
  readonly field: string;
  /** What sets the limit: one of ours, or in words. */
  readonly limit: keyof RiskLimits | { readonly words: string };
  /** What a user does about it. */
  readonly next: string;
}

/** A check that an order must pass; the first that fails is the answer. */
export interface Check {
  readonly name: string;
  /** Opening orders meet every check, closing ones only those that say so. */
  readonly closing: boolean;
  /** Every code that it may answer with. */
  readonly refusals: readonly Refusal[];
  judge(judgement: Judgement): Finding | null;
}

export const words = (text: string): Refusal['limit'] => ({ words: text });
