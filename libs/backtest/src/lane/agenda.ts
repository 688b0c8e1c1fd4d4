/** What is to happen, by time; of the same time, what was entered first comes first. A binary heap: entering and taking are O(log n). */
export class Agenda<Item> {
  private readonly times: number[] = [];
  private readonly turns: number[] = [];
  private readonly items: Item[] = [];
  private turn = 0;

  /** Infinity: nothing is to happen. */
  get nextAt(): number {
    return this.times[0] ?? Number.POSITIVE_INFINITY;
  }

  enter(at: number, item: Item): void {
    const { times, turns, items } = this;
    times.push(at);
    turns.push(this.turn);
    items.push(item);
    this.turn += 1;
    for (let place = times.length - 1; place > 0; ) {
      const above = (place - 1) >>> 1;
      if (!this.isBefore(place, above)) return;
      this.swap(place, above);
      place = above;
    }
  }

  /** The next one; null when there is none. */
  take(): Item | null {
    const { times, turns, items } = this;
    const first = items[0];
    if (first === undefined) return null;
    this.swap(0, items.length - 1);
    times.pop();
    turns.pop();
    items.pop();
    this.sink();
    return first;
  }

  private sink(): void {
    const { length } = this.times;
    for (let place = 0; ; ) {
      const left = 2 * place + 1;
      if (left >= length) return;
      const right = left + 1;
      const sooner = right < length && this.isBefore(right, left) ? right : left;
      if (!this.isBefore(sooner, place)) return;
      this.swap(sooner, place);
      place = sooner;
    }
  }

  private isBefore(left: number, right: number): boolean {
    const apart = (this.times[left] as number) - (this.times[right] as number);
    return apart < 0 || (apart === 0 && (this.turns[left] as number) < (this.turns[right] as number));
  }

  private swap(left: number, right: number): void {
    for (const array of [this.times, this.turns, this.items] as unknown[][]) {
      const kept = array[left];
      array[left] = array[right];
      array[right] = kept;
    }
  }
}
