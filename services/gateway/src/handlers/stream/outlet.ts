import type { ResumePoint } from '../../domain/change-log.js';
import type { Channel } from '../../domain/channel.js';
import type { StreamFrame } from '../../domain/stream-frame.js';

/** What a subscription needs of its session. */
export interface Outlet {
  /** More than a megabyte is unsent: nothing more goes out until it has drained. */
  readonly isSlow: boolean;
  readonly isDrained: boolean;
  /** Room for one more snapshot to be read; whoever is told no waits for the next tick. Every yes is followed by one `loaded`. */
  mayLoad(): boolean;
  loaded(isGood: boolean): void;
  send(frame: StreamFrame): void;
  onFault(error: unknown): void;
}

/** One channel of one client: first everything, or what it missed; then each change with the next number. */
export interface Subscription {
  readonly channel: Channel;
  /** It waits until the client has drained, or until a snapshot can be read again. */
  readonly isBehind: boolean;
  start(resume: ResumePoint | null): void;
  /** Called with every tick; brings a client that fell behind up to date. */
  catchUp(): void;
  end(): void;
}
