/** With more, those of which nothing was told for longest are forgotten. */
export const statesMax = 20_000;

/**
 * The newest state that was told of each thing, whoever told it. Two gateways fold the changes of one bot side by side, so
 * the older state may be told last; shown then, it would stay.
 */
export class NewestStates {
  readonly #ranks = new Map<string, number>();

  /** False: a newer one was told before. */
  admits(id: string, rank: number): boolean {
    const known = this.#ranks.get(id);
    if (known !== undefined && rank < known) return false;
    // To the end, so that the first is the one of which nothing was told for longest.
    this.#ranks.delete(id);
    this.#ranks.set(id, rank);
    if (this.#ranks.size > statesMax) {
      const [oldest] = this.#ranks.keys();
      if (oldest !== undefined) this.#ranks.delete(oldest);
    }
    return true;
  }
}
