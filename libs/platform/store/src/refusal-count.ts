/** A refusal is believed when it is heard so often. */
const refusalsMin = 3;
/** So many put aside one after the other look like a fault of the whole line; from then on each must be refused for long. */
const quickMax = 10;
const refusalsMany = 10;

/**
 * When a message counts as refused for good. A fault that refuses everything (a permission that was taken away) must not empty the
 * outbox in a moment; a single message that nobody will ever take must not stop it for good.
 */
export class RefusalCount {
  private refused: { readonly seq: bigint; readonly times: number } | null = null;
  private inARow = 0;

  isFinal(seq: bigint, error: unknown): boolean {
    if (!isRefusal(error)) {
      this.refused = null;
      return false;
    }
    const times = this.refused?.seq === seq ? this.refused.times + 1 : 1;
    this.refused = { seq, times };
    if (times < (this.inARow < quickMax ? refusalsMin : refusalsMany)) return false;
    this.refused = null;
    this.inARow += 1;
    return true;
  }

  acknowledged(): void {
    this.inARow = 0;
  }
}

const isRefusal = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'REFUSED';
