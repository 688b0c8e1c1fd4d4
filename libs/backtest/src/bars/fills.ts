/** What an order was made for. */
export const fillReasons = ['signal', 'stop', 'take-profit'] as const;
export type FillReason = (typeof fillReasons)[number];

export interface BarFill {
  /** Of the bar that it was filled in. */
  readonly bar: number;
  readonly side: 'buy' | 'sell';
  readonly price: number;
  readonly quantity: number;
  /** In the quote asset. */
  readonly fee: number;
  readonly reason: FillReason;
  readonly tag: string;
}

const fields = 4;
const firstRoom = 256;

/** Fills in the order in which they were made, as numbers in one array: a run of a million bars makes no object for one. */
export class Fills {
  length = 0;
  private numbers = new Float64Array(firstRoom * fields);
  private reasons = new Uint8Array(firstRoom);
  private notes = new Uint16Array(firstRoom);
  private tags: string[] = [''];

  /** As if nothing had been, with the memory that it has. */
  clear(): void {
    this.length = 0;
    this.tags = [''];
  }

  /** @param quantity negative for a sale */
  add(bar: number, quantity: number, price: number, fee: number): void {
    if (this.length === this.notes.length) this.grow();
    const at = this.length * fields;
    this.numbers[at] = bar;
    this.numbers[at + 1] = quantity;
    this.numbers[at + 2] = price;
    this.numbers[at + 3] = fee;
    this.length += 1;
  }

  /** Says of the newest fill what it was for. */
  note(reason: number, tag: string): void {
    this.reasons[this.length - 1] = reason;
    this.notes[this.length - 1] = tag === '' ? 0 : this.tagOf(tag);
  }

  bar(index: number): number {
    return this.numbers[index * fields] ?? 0;
  }

  /** Negative for a sale. */
  quantity(index: number): number {
    return this.numbers[index * fields + 1] ?? 0;
  }

  price(index: number): number {
    return this.numbers[index * fields + 2] ?? 0;
  }

  fee(index: number): number {
    return this.numbers[index * fields + 3] ?? 0;
  }

  at(index: number): BarFill {
    const quantity = this.quantity(index);
    return {
      bar: this.bar(index),
      side: quantity > 0 ? 'buy' : 'sell',
      price: this.price(index),
      quantity: Math.abs(quantity),
      fee: this.fee(index),
      reason: fillReasons[this.reasons[index] ?? 0] ?? 'signal',
      tag: this.tags[this.notes[index] ?? 0] ?? '',
    };
  }

  all(): readonly BarFill[] {
    return Array.from({ length: this.length }, (_, index) => this.at(index));
  }

  private tagOf(tag: string): number {
    const known = this.tags.indexOf(tag);
    if (known >= 0) return known;
    // What is named without end is no name: the rest goes without.
    if (this.tags.length > tagsMax) return 0;
    this.tags.push(tag);
    return this.tags.length - 1;
  }

  private grow(): void {
    const numbers = new Float64Array(this.numbers.length * 2);
    numbers.set(this.numbers);
    this.numbers = numbers;
    const reasons = new Uint8Array(this.reasons.length * 2);
    reasons.set(this.reasons);
    this.reasons = reasons;
    const notes = new Uint16Array(this.notes.length * 2);
    notes.set(this.notes);
    this.notes = notes;
  }
}

const tagsMax = 1_000;
