import type { Lanes } from './lanes.js';

/** What waits out the weather: handed over by the server, still unacknowledged, and first of its key. */
interface Waiting<Item> {
  readonly lanes: Lanes<Item>;
  readonly key: string;
  readonly item: Item;
  readonly timer: NodeJS.Timeout;
}

/**
 * Items that are handled again after a while, each holding its key back meanwhile. They stay in this process and pending at the
 * server, so that an outage of any length costs no delivery; their number is bounded by the consumer's `ackPendingMax`.
 */
export class Patience<Item> {
  readonly #waiting = new Map<number, Waiting<Item>>();

  /** Called while the item runs in its lane. */
  wait(sequence: number, { lanes, key, item }: Omit<Waiting<Item>, 'timer'>, ms: number): void {
    lanes.hold(key);
    const timer = setTimeout(() => {
      this.#waiting.delete(sequence);
      lanes.release(key, item);
    }, ms);
    this.#waiting.set(sequence, { lanes, key, item, timer });
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** Waits no more; gives what was waiting. */
  close(): Item[] {
    const items = [...this.#waiting.values()].map(({ timer, item }) => {
      clearTimeout(timer);
      return item;
    });
    this.#waiting.clear();
    return items;
  }
}
