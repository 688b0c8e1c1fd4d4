/**
 * Writes one thing after the other. What waits under a key gives way to what comes after it, so however slowly the writes go, as
 * much waits as there are keys.
 */
export class NewestWrites<Key> {
  private readonly waiting = new Map<Key, () => Promise<void>>();
  private isWriting = false;

  put(key: Key, write: () => Promise<void>): void {
    this.waiting.set(key, write);
    if (!this.isWriting) void this.work();
  }

  private async work(): Promise<void> {
    this.isWriting = true;
    try {
      for (let write = this.take(); write !== undefined; write = this.take()) await write();
    } finally {
      this.isWriting = false;
    }
  }

  private take(): (() => Promise<void>) | undefined {
    const [first] = this.waiting;
    if (first !== undefined) this.waiting.delete(first[0]);
    return first?.[1];
  }
}
