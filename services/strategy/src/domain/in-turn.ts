/** Work that shares a key is done one after the other, in the order in which it was asked for; other work at the same time. */
export class InTurn {
  private readonly last = new Map<string, Promise<unknown>>();

  /** How many keys have work that is not done. */
  get size(): number {
    return this.last.size;
  }

  run<Value>(keys: readonly string[], work: () => Promise<Value>): Promise<Value> {
    // Each waits only for what was asked before it, so that no two ever wait for each other.
    const mine = Promise.allSettled(keys.map((key) => this.last.get(key))).then(work);
    for (const key of keys) this.last.set(key, mine);
    const leave = (): void => {
      for (const key of keys) if (this.last.get(key) === mine) this.last.delete(key);
    };
    mine.then(leave, leave);
    return mine;
  }
}
