import type { Lanes } from './lanes.js';

interface Parked<Item> {
  readonly lanes: Lanes<Item>;
  readonly key: string;
  readonly timer: NodeJS.Timeout;
}

/** The places of messages that were given back to the server: their keys are held until they come again. */
export class Parking<Item> {
  readonly #parked = new Map<number, Parked<Item>>();

  /** After `msMax` the key goes on without the message: the stream was purged, or another process has it. */
  park(sequence: number, { lanes, key }: Omit<Parked<Item>, 'timer'>, msMax: number): void {
    lanes.hold(key);
    const timer = setTimeout(() => this.release(sequence), msMax);
    this.#parked.set(sequence, { lanes, key, timer });
  }

  /** Lets the key go on, with the message in front when it has come again. False when no place was kept for it. */
  release(sequence: number, item?: Item): boolean {
    const parked = this.#parked.get(sequence);
    if (parked === undefined) return false;
    clearTimeout(parked.timer);
    this.#parked.delete(sequence);
    parked.lanes.release(parked.key, item);
    return true;
  }

  close(): void {
    for (const { timer } of this.#parked.values()) clearTimeout(timer);
    this.#parked.clear();
  }
}
