import type { Meta } from './contract.js';
import type { Answer } from './questions.js';

/** One row of a chain: the hash is SHA-256 of the hash before it and of the row, 64 hexadecimal digits. */
export interface AuditMark {
  /** From 1, without gaps; 0 is before the first row. */
  readonly sequence: number;
  readonly hash: string;
}

/** The newest row of a chain, told outside of the table that holds it. */
export interface AuditAnchored {
  readonly meta: Meta;
  readonly service: string;
  readonly chain: string;
  readonly mark: AuditMark;
}

export type AuditRequest =
  | { readonly kind: 'chains' }
  | {
      readonly kind: 'verify';
      readonly chain: string;
      /** Where the last look ended; null: from the beginning, or from the newest row that was forgotten. */
      readonly after: AuditMark | null;
      /** Rows that the chain had when they were told. */
      readonly anchors: readonly AuditMark[];
    };

export interface AuditChain {
  readonly chain: string;
  /** The newest row that was forgotten; null: none was. */
  readonly checkpoint: AuditMark | null;
  /** Null: there is no row. */
  readonly head: AuditMark | null;
  /** Rows in its table from before there were chains. */
  readonly unchained: number;
}

export const auditFaultKinds = ['edited', 'missing', 'inserted', 'reordered', 'truncated', 'rewritten'] as const;

/** The first row that is wrong. */
export interface AuditFault {
  readonly kind: (typeof auditFaultKinds)[number];
  readonly sequence: number;
  /** What the row tells now; may be empty. */
  readonly about: string;
  readonly text: string;
  readonly next: string;
}

/** What a look at a part of a chain found. */
export interface AuditCheck {
  /** So many are right. */
  readonly rows: number;
  /** The row before the first that was looked at. */
  readonly from: AuditMark;
  /** The last that is right. */
  readonly last: AuditMark;
  /** False: there is more, after `last`. */
  readonly complete: boolean;
  readonly fault: AuditFault | null;
}

export type AuditValue =
  | { readonly kind: 'chains'; readonly chains: readonly AuditChain[] }
  | { readonly kind: 'checked'; readonly check: AuditCheck };
export type AuditAnswer = Answer<AuditValue>;
