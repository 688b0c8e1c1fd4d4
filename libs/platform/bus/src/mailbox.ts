/** How long items are handed over without a pause: after that, whatever else waits for the process has its turn. */
const sliceMs = 10;

export interface MailboxOptions<Item> {
  readonly waitingMax: number;
  /** Of several that wait under the same key only the newest is handed over, in the place of the first; null: it stands for itself. */
  readonly keyOf?: (item: Item) => string | null;
  /** True: what waits is handed over without a pause, however long it takes; for what must not be overtaken. */
  readonly isUnbroken?: boolean;
  /** An item that nobody will hear: one more came than may wait, or a newer one took its place. */
  readonly dropped: (item: Item) => void;
}

/**
 * The queue before one core NATS listener: the newest is worth the most, so the oldest goes when it is full. One at a time,
 * in order; a listener that does not wait for anything is called at once.
 *
 * The socket behind it is always read, however slow the listener: what is too much waits here, where it is bounded and the newest
 * wins, and never at the server, where it would grow old in order.
 */
export class Mailbox<Item> {
  readonly #waiting = new Map<string | number, Item>();
  #put = 0;
  #busy = false;
  #closed = false;
  /** When the running slice began; null when nothing runs. */
  #sliceBegan: number | null = null;

  /** @param deliver must not reject */
  constructor(
    private readonly deliver: (item: Item) => void | Promise<void>,
    private readonly options: MailboxOptions<Item>,
  ) {}

  put(item: Item): void {
    if (this.#closed) return;
    const { keyOf, waitingMax, dropped } = this.options;
    this.#put += 1;
    const key = keyOf?.(item) ?? this.#put;
    const overtaken = this.#waiting.get(key);
    this.#waiting.set(key, item);
    if (overtaken !== undefined) dropped(overtaken);
    if (this.#waiting.size > waitingMax) {
      const oldest = this.#take();
      if (oldest !== undefined) dropped(oldest);
    }
    this.#work();
  }

  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  #work(): void {
    while (!this.#busy) {
      if (this.#isLong()) {
        this.#pause();
        return;
      }
      const item = this.#take();
      if (item === undefined) {
        this.#sliceBegan = null;
        return;
      }
      this.#sliceBegan ??= performance.now();
      const pending = this.deliver(item);
      if (pending === undefined) continue;
      this.#busy = true;
      void pending.finally(() => {
        this.#busy = false;
        this.#work();
      });
    }
  }

  #isLong(): boolean {
    return !this.options.isUnbroken && this.#sliceBegan !== null && performance.now() - this.#sliceBegan > sliceMs;
  }

  /** Sockets are read before the next slice. */
  #pause(): void {
    this.#busy = true;
    setImmediate(() => {
      this.#busy = false;
      this.#sliceBegan = null;
      this.#work();
    });
  }

  #take(): Item | undefined {
    const [first] = this.#waiting;
    if (first === undefined) return undefined;
    this.#waiting.delete(first[0]);
    return first[1];
  }
}
