/** What shall happen to an order that is being placed. */
export interface PlaceFault {
  /** Wait before looking at the request at all, as a slow network would. */
  readonly delayMs: number;
  /** Do what was asked and then cut the connection instead of answering. */
  readonly dropAnswer: boolean;
}

export interface FaultState extends PlaceFault {
  /** How many more orders it will hit. */
  readonly count: number;
}

const delayMax = 60_000;
const countMax = 1_000_000;

/** Faults that a test asks for. Off unless the service was started with `--admin`. */
export class FaultSwitch {
  private state: FaultState | null = null;

  /** Sets the fault of the next `count` orders; null takes it away. Gives the field that is wrong instead of setting half of it. */
  setPlace(value: unknown): { readonly field: string; readonly allowed: string } | null {
    if (value === null) {
      this.state = null;
      return null;
    }
    if (typeof value !== 'object') return { field: 'place', allowed: 'an object or null' };
    const { delayMs = 0, dropAnswer = false, count = 1 } = value as Record<string, unknown>;
    if (!isWhole(delayMs, delayMax)) return { field: 'place.delayMs', allowed: `a whole number from 0 to ${delayMax}` };
    if (typeof dropAnswer !== 'boolean') return { field: 'place.dropAnswer', allowed: 'true or false' };
    if (!isWhole(count, countMax)) return { field: 'place.count', allowed: `a whole number from 0 to ${countMax}` };
    this.state = count === 0 ? null : { delayMs, dropAnswer, count };
    return null;
  }

  get place(): FaultState | null {
    return this.state;
  }

  /** The fault of the order that has just arrived; counts it off. */
  nextPlace(): PlaceFault | null {
    const fault = this.state;
    if (fault !== null) this.state = fault.count > 1 ? { ...fault, count: fault.count - 1 } : null;
    return fault;
  }
}

const isWhole = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= max;
