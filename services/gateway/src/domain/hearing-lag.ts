import { type Clock, second, Timestamp } from '@scalpstorm/kernel';

/** Whoever hears news this old has more of it before them. */
const lateMicros = 5 * second;
/** After so long without late news there is none left. */
const forgottenAfterMicros = 30 * second;

/** Do we hear of orders while it happens, or do we still catch up? While nothing is heard nothing is late. */
export class HearingLag {
  #lateAt: Timestamp | null = null;

  constructor(private readonly clock: Clock) {}

  heard(toldAt: Timestamp): void {
    const now = this.clock.now();
    if (now - toldAt > lateMicros) this.#lateAt = now;
  }

  get isCatchingUp(): boolean {
    return this.#lateAt !== null && this.clock.now() < Timestamp.plus(this.#lateAt, forgottenAfterMicros);
  }
}
