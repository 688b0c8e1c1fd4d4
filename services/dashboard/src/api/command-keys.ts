/** As long as the gateway keeps an answer that may be asked for again: later, the same press is another command. */
const keptMs = 10 * 60_000;

interface Kept {
  readonly key: string;
  readonly at: number;
  readonly isLost: boolean;
}

/**
 * The Idempotency-Key of each command until its outcome is known: pressed again after an answer that was lost, the same body is the
 * same command, and is done once. Times are milliseconds of any one clock.
 */
export class CommandKeys {
  readonly #kept = new Map<string, Kept>();

  constructor(private readonly newKey: () => string) {}

  /** @param command everything that makes it this command and no other */
  keyFor(command: string, now: number): string {
    for (const [each, { at }] of this.#kept) if (now - at >= keptMs) this.#kept.delete(each);
    const key = this.#kept.get(command)?.key ?? this.newKey();
    this.#kept.set(command, { key, at: now, isLost: false });
    return key;
  }

  /** Nobody knows whether it was done. */
  lost(command: string): void {
    const kept = this.#kept.get(command);
    if (kept !== undefined) this.#kept.set(command, { ...kept, isLost: true });
  }

  /** Nothing was changed by it: the next press of the same is a new one. */
  refused(command: string): void {
    this.#kept.delete(command);
  }

  /** So are those whose answer was lost before it new ones. */
  done(command: string): void {
    this.#kept.delete(command);
    this.forgetLost();
  }

  /**
   * Something else has been done since: what was started, stopped and is started again must be started twice, and a halt after a
   * release must halt.
   */
  forgetLost(): void {
    for (const [command, { isLost }] of this.#kept) if (isLost) this.#kept.delete(command);
  }

  /** Of the one before. */
  forgetAll(): void {
    this.#kept.clear();
  }
}
