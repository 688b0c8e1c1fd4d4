/** What must always hold. The numbers are those of docs/reliability.md. */
export const invariants = {
  I1: 'at most one venue order for each intent, and a durable mark before its request leaves',
  I2: 'one verdict for each intent, and one end',
  I3: 'our fills are the venue’s fills',
  I4: 'a position is the sum of its fills',
  I5: 'cash is conserved to the last decimal',
  I6: 'position and open orders stay within the limits, by the venue’s truth',
  I7: 'only legal transitions, a final order stays final, the reason of a cancel is durable before it leaves',
  I8: 'nothing is opened that the gate approved after a halt, and a close is never blocked',
  I9: 'the chain of the audit verifies, and each of its rows says what happened',
  I10: 'every projection is the fold of the log',
  I11: 'nothing is decided on old data, and nothing sent on an expired approval',
  I13: 'clean within 30 seconds after the faults have stopped',
} as const;
export type Invariant = keyof typeof invariants;

/** Told what does not hold. */
export type Violated = (invariant: Invariant, text: string) => void;

export interface Violation {
  readonly invariant: Invariant;
  readonly text: string;
  /** Seconds since the run began. */
  readonly at: number;
}

/** What is not clean when nothing goes wrong any more, by the invariant that it offends. */
export interface Stain {
  readonly invariant: Invariant;
  readonly text: string;
}
