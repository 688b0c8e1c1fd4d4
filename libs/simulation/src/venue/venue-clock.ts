import { type Micros, Timestamp } from '@scalpstorm/kernel';

/** How far the clock of the venue is ahead of the true one. */
export class VenueClock {
  constructor(
    private readonly time: { readonly now: Timestamp },
    private readonly ahead: Micros,
  ) {}

  now(): Timestamp {
    return Timestamp.plus(this.time.now, this.ahead);
  }
}
