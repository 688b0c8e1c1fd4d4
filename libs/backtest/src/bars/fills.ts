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

const fields = 5;
const firstRoom = 256;

/** Fills in the order in which they were made, as numbers in one array: a run of a million bars makes no object for one. */
export class Fills {
  length = 0;
  private numbers = new Float64Array(firstRoom * fields);
  private notes = new Uint16Array(firstRoom);
  private readonly tags: string[] = [''];

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
    this.numbers[(this.length - 1) * fields + 4] = reason;
    if (tag !== '') this.notes[this.length - 1] = this.tagOf(tag);
  }

  at(index: number): BarFill {
    const [bar = 0, quantity = 0, price = 0, fee = 0, reason = 0] = this.numbers.subarray(
      index * fields,
      (index + 1) * fields,
    );
    return {
      bar,
      side: quantity > 0 ? 'buy' : 'sell',
      price,
      quantity: Math.abs(quantity),
      fee,
      reason: fillReasons[reason] ?? 'signal',
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
    const notes = new Uint16Array(this.notes.length * 2);
    notes.set(this.notes);
    this.notes = notes;
  }
}

const tagsMax = 1_000;
