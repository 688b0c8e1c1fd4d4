/** What a client gets on a channel: first everything, then what changed, each with the next number. */
export interface Frame {
  readonly ch: string;
  readonly type: 'snapshot' | 'delta';
  readonly seq: number;
  readonly data: readonly unknown[];
}

/** Changes that arrive while the snapshot is read; more than this and the snapshot is read again. */
export const pendingMax = 1_000;

/**
 * One channel of one client. `loading`: the snapshot is being read and changes wait; `live`: changes go out at once;
 * `gapped`: the client was too slow, changes are dropped until it has drained and is given a new snapshot. Rows carry
 * their own version, so a change that the snapshot already contains does no harm.
 */
export class Subscription {
  #state: 'loading' | 'live' | 'gapped' = 'loading';
  #sequence = 0;
  #pending: unknown[] = [];

  constructor(readonly channel: string) {}

  get state(): 'loading' | 'live' | 'gapped' {
    return this.#state;
  }

  /** The frame to send now, or null when the change waits or is dropped. */
  change(row: unknown, clientIsSlow: boolean): Frame | null {
    if (this.#state === 'gapped') return null;
    if (this.#state === 'live') {
      if (!clientIsSlow) return this.#frame('delta', [row]);
      this.#state = 'gapped';
      return null;
    }
    this.#pending.push(row);
    if (this.#pending.length > pendingMax) this.#drop();
    return null;
  }

  /** Called when the client has drained: true when it must be told of the gap and given a new snapshot. */
  reload(): boolean {
    if (this.#state !== 'gapped') return false;
    this.#state = 'loading';
    this.#pending = [];
    return true;
  }

  /** The snapshot was read: it, and then what changed meanwhile. Empty when too much changed meanwhile. */
  snapshot(rows: readonly unknown[]): readonly Frame[] {
    if (this.#state !== 'loading') return [];
    this.#state = 'live';
    const pending = this.#pending;
    this.#pending = [];
    const first = this.#frame('snapshot', rows);
    return pending.length === 0 ? [first] : [first, this.#frame('delta', pending)];
  }

  /** The snapshot could not be read; it is asked for again like after a gap. */
  interrupt(): void {
    this.#drop();
  }

  /** For channels that merge changes themselves. */
  next(type: Frame['type'], rows: readonly unknown[]): Frame {
    this.#state = 'live';
    return this.#frame(type, rows);
  }

  #frame(type: Frame['type'], data: readonly unknown[]): Frame {
    this.#sequence += 1;
    return { ch: this.channel, type, seq: this.#sequence, data };
  }

  #drop(): void {
    this.#state = 'gapped';
    this.#pending = [];
  }
}
