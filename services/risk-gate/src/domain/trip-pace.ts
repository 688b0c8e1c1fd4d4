import { type Micros, Timestamp } from '@scalpstorm/kernel';

const keptMax = 20_000;

/** What goes on and on trips again only when its cool-down is nearly over: every trip is written down. */
export class TripPace {
  private readonly next = new Map<string, Timestamp>();

  /** True, and counted, when it is time. */
  isDue(key: string, now: Timestamp, coolDown: Micros): boolean {
    const next = this.next.get(key);
    if (next !== undefined && now < next) return false;
    if (this.next.size >= keptMax) this.next.clear();
    this.next.set(key, Timestamp.plus(now, Math.floor((coolDown * 9) / 10)));
    return true;
  }
}
