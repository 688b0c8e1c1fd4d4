/** The newest `max` items, oldest first. Old ones are let go in blocks, so that adding stays cheap. */
export class BoundedList<Item> {
  private items: Item[] = [];

  constructor(
    private readonly max: number,
    private readonly onDrop: (item: Item) => void = () => {},
  ) {}

  add(item: Item): void {
    this.items.push(item);
    if (this.items.length < this.max + Math.ceil(this.max / 4)) return;
    const dropped = this.items.splice(0, this.items.length - this.max);
    for (const old of dropped) this.onDrop(old);
  }

  get last(): Item | null {
    return this.items[this.items.length - 1] ?? null;
  }

  /** The newest `count`, oldest first. */
  newest(count: number): readonly Item[] {
    return this.items.slice(Math.max(0, this.items.length - count));
  }

  all(): readonly Item[] {
    return this.items;
  }
}
