/** After any rule that did not end no module is asked for so long, ms: the lease is renewed meanwhile, however many loop in turn. */
const restMs = 1_000;
/** After so many of one module within a while, that module is not asked for longer: its bots may be many. */
const loopsMax = 3;
const whileMs = 600_000;
const longRestMs = 60_000;

/**
 * When the modules of this process may hear bars again, after a rule of theirs did not end and kept everything waiting. Times are of a
 * clock that never goes back, ms.
 */
export class ModuleRests {
  private readonly loopedAt = new Map<string, readonly number[]>();
  private newest = Number.NEGATIVE_INFINITY;

  /** @param code which says which module it is */
  looped(code: string, now: number): void {
    const recent = (this.loopedAt.get(code) ?? []).filter((at) => at > now - whileMs);
    this.loopedAt.set(code, [...recent, now].slice(-loopsMax));
    this.newest = now;
  }

  rests(code: string, now: number): boolean {
    if (now < this.newest + restMs) return true;
    const recent = this.loopedAt.get(code) ?? [];
    const [oldest = Number.NEGATIVE_INFINITY] = recent;
    const newest = recent.at(-1) ?? Number.NEGATIVE_INFINITY;
    return recent.length === loopsMax && newest - oldest < whileMs && now < newest + longRestMs;
  }
}
