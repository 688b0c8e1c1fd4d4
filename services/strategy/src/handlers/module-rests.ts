import type { UserId } from '@scalpstorm/model';

/** After any rule that did not end no module is asked for so long, ms: the lease is renewed meanwhile, however many loop in turn. */
export const restMs = 1_000;
/** After so many of one user's of a module within a while, that module is not asked for longer for him: his bots may be many. */
const loopsMax = 3;
const whileMs = 600_000;
const longRestMs = 60_000;

/** Whose rule it is, and the code that says of which module. */
export interface RuleOwner {
  readonly userId: UserId;
  readonly code: string;
}

/**
 * When the modules of this process may hear bars again, after a rule of theirs did not end and kept everything waiting. What one user's
 * bots do again and again keeps the bars from those alone. Times are of a clock that never goes back, ms.
 */
export class ModuleRests {
  /** Of a while, oldest first. */
  private readonly loopedAt = new Map<string, readonly number[]>();
  private newest = Number.NEGATIVE_INFINITY;

  looped(owner: RuleOwner, now: number): void {
    for (const [key, times] of this.loopedAt) if (isLongAgo(times.at(-1), now)) this.loopedAt.delete(key);
    const recent = (this.loopedAt.get(keyOf(owner)) ?? []).filter((at) => !isLongAgo(at, now));
    this.loopedAt.set(keyOf(owner), [...recent, now].slice(-loopsMax));
    this.newest = now;
  }

  rests(owner: RuleOwner, now: number): boolean {
    if (now < this.newest + restMs) return true;
    const recent = this.loopedAt.get(keyOf(owner)) ?? [];
    const [oldest = Number.NEGATIVE_INFINITY] = recent;
    const newest = recent.at(-1) ?? Number.NEGATIVE_INFINITY;
    return recent.length === loopsMax && newest - oldest < whileMs && now < newest + longRestMs;
  }
}

const isLongAgo = (at = Number.NEGATIVE_INFINITY, now: number): boolean => at <= now - whileMs;

const keyOf = ({ userId, code }: RuleOwner): string => `${code} ${userId}`;
