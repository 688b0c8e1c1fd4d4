/**
 * The queue before one core NATS listener: the newest is worth the most, so the oldest goes when it is full. One at a time,
 * in order; a listener that does not wait for anything is called at once.
 */
export class Mailbox<Item> {
  readonly #waiting: Item[] = [];
  #busy = false;
  #closed = false;

  /** @param deliver must not reject */
  constructor(
    private readonly waitingMax: number,
    private readonly deliver: (item: Item) => void | Promise<void>,
    private readonly dropped: (item: Item) => void,
  ) {}

  put(item: Item): void {
    if (this.#closed) return;
    this.#waiting.push(item);
    if (this.#waiting.length > this.waitingMax) {
      const oldest = this.#waiting.shift();
      if (oldest !== undefined) this.dropped(oldest);
    }
    this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.length = 0;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #work(): void {
    while (!this.#busy) {
      const item = this.#waiting.shift();
      if (item === undefined) return;
      const pending = this.deliver(item);
      if (pending === undefined) continue;
      this.#busy = true;
      void pending.finally(() => {
        this.#busy = false;
        this.#work();
      });
    }
  }
}
