/** The value of `length` values ago. */
export class Delay {
  private readonly ring: Float64Array;
  private place = 0;

  constructor(length: number) {
    this.ring = new Float64Array(length).fill(Number.NaN);
  }

  /** NaN until there are more than `length` values. */
  push(value: number): number {
    const { ring, place } = this;
    if (ring.length === 0) return value;
    const oldest = ring[place] as number;
    ring[place] = value;
    this.place = place + 1 === ring.length ? 0 : place + 1;
    return oldest;
  }
}
