import type { Timestamp } from '@scalpstorm/kernel';

/** The venue's counter of a trade, null where it has none, and the venue's time. */
export interface SequencedAt {
  readonly sequence: number | null;
  readonly occurredAt: Timestamp;
}

/** What a trade is to those that came before it. */
export type SequenceVerdict =
  | { readonly kind: 'next' }
  | { readonly kind: 'duplicate' }
  /** Came after a newer one and was still missing. */
  | { readonly kind: 'late' }
  /** It is new, and what the gap names did not come. */
  | ({ readonly kind: 'gap' } & TradeGap)
  /** The venue began to count anew; what it had before that, and after `since`, is not known. */
  | { readonly kind: 'restarted'; readonly since: Timestamp };

/** Trades that did not come: `from`..`to`, both included; `since`: the venue's time of the one before them. */
export interface TradeGap {
  readonly from: number;
  readonly to: number;
  readonly since: Timestamp;
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** More open gaps than this are not waited for: the oldest is given up. */
export const gapsMax = 100;

/** Judges trades by the venue's own counter. A venue without one gives `next` for all. */
export class TradeSequence {
  private last: { readonly sequence: number; readonly occurredAt: Timestamp } | null = null;
  private missing: readonly Range[] = [];

  /** The venue's counter of the newest trade; null before the first, or where there is no counter. */
  get newest(): number | null {
    return this.last?.sequence ?? null;
  }

  /** Counts of what was not seen and is still hoped for. */
  get missingCount(): number {
    return this.missing.reduce((sum, { from, to }) => sum + to - from + 1, 0);
  }

  judge({ sequence, occurredAt }: SequencedAt): SequenceVerdict {
    if (sequence === null) return { kind: 'next' };
    const { last } = this;
    if (last === null) return this.follow(sequence, occurredAt, { kind: 'next' });
    if (sequence === last.sequence + 1) return this.follow(sequence, occurredAt, { kind: 'next' });
    if (sequence > last.sequence) {
      const gap = { from: last.sequence + 1, to: sequence - 1 };
      this.missing = [...this.missing, gap].slice(-gapsMax);
      return this.follow(sequence, occurredAt, { kind: 'gap', ...gap, since: last.occurredAt });
    }
    if (this.fill(sequence)) return { kind: 'late' };
    // A repeat is never newer than the newest; a counter that goes back while time goes on was set back.
    if (occurredAt <= last.occurredAt) return { kind: 'duplicate' };
    this.missing = [];
    return this.follow(sequence, occurredAt, { kind: 'restarted', since: last.occurredAt });
  }

  /** Nobody can deliver these any more. */
  giveUp(from: number, to: number): void {
    this.missing = this.missing.filter((range) => range.to < from || range.from > to);
  }

  private follow(sequence: number, occurredAt: Timestamp, verdict: SequenceVerdict): SequenceVerdict {
    this.last = { sequence, occurredAt };
    return verdict;
  }

  /** True when it was missing. */
  private fill(sequence: number): boolean {
    const hit = this.missing.find(({ from, to }) => from <= sequence && sequence <= to);
    if (hit === undefined) return false;
    const left = [
      { from: hit.from, to: sequence - 1 },
      { from: sequence + 1, to: hit.to },
    ].filter(({ from, to }) => from <= to);
    this.missing = this.missing.flatMap((range) => (range === hit ? left : [range]));
    return true;
  }
}
