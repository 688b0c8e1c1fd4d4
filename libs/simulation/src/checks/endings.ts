import type { HaltLevel, UserId } from '@scalpstorm/model';
import type { VirtualTime } from '../time/virtual-time.js';

export type EndingLevel = Exclude<HaltLevel, 'halt'>;

interface Ending {
  readonly level: EndingLevel;
  /** When it was durable, or told to be; null: not yet. */
  begunAt: number | null;
}

/** Halts that end what there is, and that nobody releases: by user, and of everybody: null. */
export class Endings {
  private readonly all = new Map<UserId | null, Ending>();

  constructor(private readonly time: VirtualTime) {}

  want(userId: UserId | null, level: EndingLevel): void {
    this.all.set(userId, { level, begunAt: null });
  }

  /** It is durable. @returns false where it had begun, or nobody wants it */
  begin(userId: UserId | null, level: EndingLevel): boolean {
    const ending = this.all.get(userId);
    if (ending?.level !== level || ending.begunAt !== null) return false;
    ending.begunAt = this.time.elapsed;
    return true;
  }

  /** One that somebody wants, and that did not come. */
  get isAwaited(): boolean {
    return [...this.all.values()].some(({ begunAt }) => begunAt === null);
  }

  /** When what binds a user began; null: nothing ends. @param level only such a one */
  begunFor(userId: UserId, level: EndingLevel | null = null): number | null {
    const both = [this.all.get(userId), this.all.get(null)];
    return both.find((one) => one !== undefined && (level === null || one.level === level))?.begunAt ?? null;
  }
}
