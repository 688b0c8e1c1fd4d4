import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { Notice } from './notice.js';

/** What a user gets in a minute before the rest is gathered. */
export interface FlowLimits {
  readonly perMinuteMax: number;
}

/** Tell it, or add it to a line that is told later. */
export type Flow =
  | { readonly kind: 'tell' }
  | { readonly kind: 'gather'; readonly key: string; readonly dueAt: Timestamp };

const rateWindow: Micros = 60 * second;
const burstWindow: Micros = 300 * second;
/** Older news is told in one line: a service that was away for hours must not ring a hundred times. */
const lateAfter: Micros = 3_600 * second;
const lateGather: Micros = 10 * second;
const entriesMax = 20_000;
const tell: Flow = { kind: 'tell' };

/**
 * How often somebody is told. Nothing is dropped: what is too much is counted and told as one line. Errors have a rate of their
 * own, so that a flood of fills never hides a halt. In memory: after a restart somebody may be told once more than the limit.
 */
export class NoticeFlow {
  private readonly windows = new Map<string, { readonly until: Timestamp; count: number }>();
  private readonly bursts = new Map<string, Timestamp>();

  constructor(private readonly limits: FlowLimits) {}

  /** Counts it. `quiet`: the end of the user's quiet hours, null outside of them. */
  decide(notice: Notice, now: Timestamp, quiet: Timestamp | null): Flow {
    const urgent = notice.level === 'ERROR';
    if (now - notice.at > lateAfter) return { kind: 'gather', key: 'late', dueAt: Timestamp.plus(now, lateGather) };
    if (notice.burst !== null) {
      const key = `${notice.userId}:${notice.burst}`;
      const until = this.bursts.get(key);
      if (until !== undefined && now < until) return { kind: 'gather', key: notice.burst, dueAt: until };
      makeRoom(this.bursts, (end) => end <= now);
      this.bursts.set(key, Timestamp.plus(now, burstWindow));
    }
    if (quiet !== null && !urgent) return { kind: 'gather', key: 'quiet', dueAt: quiet };
    return this.counted(`${notice.userId}:${urgent ? 'urgent' : 'usual'}`, now);
  }

  private counted(key: string, now: Timestamp): Flow {
    const window = this.windows.get(key);
    if (window === undefined || now >= window.until) {
      makeRoom(this.windows, ({ until }) => until <= now);
      this.windows.set(key, { until: Timestamp.plus(now, rateWindow), count: 1 });
      return tell;
    }
    window.count += 1;
    return window.count <= this.limits.perMinuteMax ? tell : { kind: 'gather', key: 'rate', dueAt: window.until };
  }
}

/** What is over goes first; when that is not enough, the oldest. */
function makeRoom<Value>(map: Map<string, Value>, isOver: (value: Value) => boolean): void {
  if (map.size < entriesMax) return;
  for (const [key, value] of map) if (isOver(value)) map.delete(key);
  for (const key of map.keys()) {
    if (map.size < entriesMax) return;
    map.delete(key);
  }
}
