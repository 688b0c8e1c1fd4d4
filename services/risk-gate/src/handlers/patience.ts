import type { Log } from '@scalpstorm/observability';

const warnAfterMs = 10_000;

/**
 * The words for something that is waited for. At an ordinary start others are not there yet: that is no warning before it
 * lasts. Each reason is told once as a note and once as a warning, however often it is tried.
 */
export class Patience {
  private since: number | null = null;
  private noted = '';
  private warned = '';

  constructor(
    private readonly log: Log,
    private readonly text: string,
    private readonly steadyMs: () => number = () => performance.now(),
  ) {}

  failed(error: unknown): void {
    const now = this.steadyMs();
    this.since ??= now;
    const reason = String(error);
    if (now - this.since >= warnAfterMs) {
      if (reason !== this.warned) this.log.warn({ error }, this.text);
      this.warned = reason;
    } else {
      if (reason !== this.noted) this.log.info({ error }, this.text);
      this.noted = reason;
    }
  }

  succeeded(): void {
    this.since = null;
    this.noted = '';
    this.warned = '';
  }
}
