import { assert } from '@scalpstorm/kernel';

interface Lane<Item> {
  readonly key: string;
  readonly waiting: Item[];
  busy: boolean;
  held: boolean;
  queued: boolean;
}

/**
 * Items with the same key run one after the other in the order they came; at most `concurrency` keys run at once.
 * A key can be held back, so that what failed is repeated before what came after it.
 */
export class Lanes<Item> {
  readonly #lanes = new Map<string, Lane<Item>>();
  readonly #ready: Lane<Item>[] = [];
  #running = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  /** @param run must not reject: what an item's failure means is decided inside it */
  constructor(
    private readonly concurrency: number,
    private readonly run: (item: Item, key: string) => Promise<void>,
  ) {
    assert(concurrency >= 1, 'concurrency must be at least 1');
  }

  add(key: string, item: Item): void {
    const lane = this.#lane(key);
    lane.waiting.push(item);
    this.#offer(lane);
  }

  /** Nothing of this key runs until it is released. Called while the key's item is running. */
  hold(key: string): void {
    this.#lane(key).held = true;
  }

  /** Lets the key go on, with the repeated item first when it is given. */
  release(key: string, first?: Item): void {
    const lane = this.#lane(key);
    lane.held = false;
    if (first !== undefined) lane.waiting.unshift(first);
    this.#offer(lane);
    this.#forget(lane);
  }

  /** Begins nothing more; gives what was waiting. */
  close(): Item[] {
    this.#closed = true;
    this.#ready.length = 0;
    return [...this.#lanes.values()].flatMap((lane) => lane.waiting.splice(0));
  }

  /** Resolves when nothing is running. */
  async idle(): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  get running(): number {
    return this.#running;
  }

  #lane(key: string): Lane<Item> {
    const known = this.#lanes.get(key);
    if (known !== undefined) return known;
    const lane: Lane<Item> = { key, waiting: [], busy: false, held: false, queued: false };
    this.#lanes.set(key, lane);
    return lane;
  }

  #offer(lane: Lane<Item>): void {
    if (this.#closed || lane.busy || lane.held || lane.queued || lane.waiting.length === 0) return;
    lane.queued = true;
    this.#ready.push(lane);
    this.#next();
  }

  #next(): void {
    while (this.#running < this.concurrency) {
      const lane = this.#ready.shift();
      if (lane === undefined) return;
      lane.queued = false;
      const item = lane.waiting.shift();
      assert(item !== undefined, 'a ready lane has something waiting');
      lane.busy = true;
      this.#running += 1;
      void this.run(item, lane.key).finally(() => this.#ended(lane));
    }
  }

  #ended(lane: Lane<Item>): void {
    lane.busy = false;
    this.#running -= 1;
    this.#offer(lane);
    this.#forget(lane);
    this.#next();
    if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
  }

  #forget(lane: Lane<Item>): void {
    if (!lane.busy && !lane.held && lane.waiting.length === 0) this.#lanes.delete(lane.key);
  }
}
