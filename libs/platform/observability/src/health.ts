import { redactText } from './redact.js';

export interface HealthCheckOptions {
  /** A service with a failing critical check is not ready. Default: true. */
  readonly critical?: boolean;
  /** A check that takes longer has failed. Default: 2 s. */
  readonly timeoutMs?: number;
}

export interface HealthCheckResult {
  readonly status: 'up' | 'down';
  readonly critical: boolean;
  readonly seconds: number;
  /** Why it is down. */
  readonly error?: string;
}

export interface HealthReport {
  readonly ready: boolean;
  readonly phase: 'starting' | 'serving' | 'stopping';
  readonly checks: Readonly<Record<string, HealthCheckResult>>;
}

interface RegisteredCheck {
  readonly check: () => Promise<void>;
  readonly critical: boolean;
  readonly timeoutMs: number;
}

/** However often a probe asks, the checks run at most this often. */
const cachedMs = 1_000;

/** Is this service able to do its work? Every part registers how to find out about itself. */
export class HealthRegistry {
  private readonly checks = new Map<string, RegisteredCheck>();
  private phase: HealthReport['phase'] = 'starting';
  private latest: { readonly at: number; readonly results: Promise<HealthReport['checks']> } | undefined;

  constructor(private readonly steadyMs: () => number = () => performance.now()) {}

  /** The check throws when the part cannot do its work. A name registered twice keeps the later check. */
  register(name: string, check: () => Promise<void>, options: HealthCheckOptions = {}): void {
    const { critical = true, timeoutMs = 2_000 } = options;
    this.checks.set(name, { check, critical, timeoutMs });
    this.latest = undefined;
  }

  /** Before `serving` and after it the service is not ready, whatever the checks say. */
  enter(phase: HealthReport['phase']): void {
    this.phase = phase;
  }

  async report(): Promise<HealthReport> {
    const now = this.steadyMs();
    if (this.latest === undefined || now - this.latest.at >= cachedMs) {
      this.latest = { at: now, results: this.runAll() };
    }
    const checks = await this.latest.results;
    const healthy = Object.values(checks).every((result) => result.status === 'up' || !result.critical);
    return { ready: healthy && this.phase === 'serving', phase: this.phase, checks };
  }

  private async runAll(): Promise<HealthReport['checks']> {
    const named = [...this.checks].map(async ([name, check]) => [name, await this.run(check)] as const);
    return Object.fromEntries(await Promise.all(named));
  }

  private async run({ check, critical, timeoutMs }: RegisteredCheck): Promise<HealthCheckResult> {
    const startedAt = this.steadyMs();
    const seconds = () => Math.round(this.steadyMs() - startedAt) / 1_000;
    try {
      await within(timeoutMs, check);
      return { status: 'up', critical, seconds: seconds() };
    } catch (error) {
      const text = redactText(error instanceof Error ? error.message : String(error));
      return { status: 'down', critical, seconds: seconds(), error: text };
    }
  }
}

async function within(timeoutMs: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}
