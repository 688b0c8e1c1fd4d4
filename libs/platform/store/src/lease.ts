import { BrokenInvariant } from '@scalpstorm/kernel';
import { LeaseLost } from './errors.js';
import { diedHere, placeOf, thisHolder } from './holder.js';
import type { Transaction } from './session.js';
import type { Store } from './store.js';

const leaseMs = 4_000;
/** So much earlier we stop by our own clock: a message that is being handled ends in it. */
const marginMs = 500;
const renewEveryMs = 1_000;
/** A holder that stands still in a transaction keeps its successor waiting no longer than one that was cut off. */
const idleMsMax = 3_000;

export interface LeaseOptions {
  /** Another has it: what this process knows is not kept up any more. Ends the process by default. */
  readonly onLost?: (cause: Error) => void;
  readonly steadyMs?: () => number;
}

/**
 * The right to be the one writer of a service, in its schema: a table `lease (one boolean primary key default true check (one),
 * token bigint, holder text, expires_at timestamptz)`, which the service's own migrations make. Of a holder that is
 * proved to have died on this machine it is taken at once, of any other one when its time is over.
 *
 * What it writes proves the token in the same transaction. What a service says goes through none, so the holder counts its time by a
 * steady clock, from before it asked, and says nothing when it is over.
 */
export class Lease {
  private readonly onLost: (cause: Error) => void;
  private readonly steadyMs: () => number;
  private token: string | null = null;
  private heldUntilMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  private renewing = false;

  constructor(
    private readonly store: Store,
    { onLost = stopAtOnce, steadyMs = () => performance.now() }: LeaseOptions = {},
  ) {
    this.onLost = onLost;
    this.steadyMs = steadyMs;
  }

  /** False from the moment on from which another may have taken it, whether or not anybody could tell us. */
  get isHeld(): boolean {
    return this.steadyMs() < this.heldUntilMs;
  }

  /** Null when it is ours from now on; else who has it. */
  async take(): Promise<string | null> {
    const askedAt = this.steadyMs();
    const [held] = await this.store.sql<{ holder: string; token: string; fresh: boolean }[]>`
      select holder, token, expires_at > now() as fresh from lease`;
    const died = held !== undefined && diedHere(held.holder);
    if (held?.fresh === true && !died) return placeOf(held.holder);
    // `one` is set, so that its row is locked as if its key changed: that waits for whoever has proved the token, as renewing does not.
    const [taken] = await this.store.sql<{ token: string }[]>`
      insert into lease (token, holder, expires_at) values (1, ${thisHolder}, now() + ${`${leaseMs} ms`}::interval)
      on conflict (one) do update
        set one = excluded.one, token = lease.token + 1, holder = excluded.holder, expires_at = excluded.expires_at
        where lease.token = ${held?.token ?? '0'} and (lease.expires_at <= now() or ${died})
      returning token`;
    if (taken === undefined) return 'another that was just quicker';
    this.token = taken.token;
    this.hold(askedAt);
    this.timer = setInterval(() => void this.renew(), renewEveryMs);
    return null;
  }

  /**
   * In a transaction that writes: nothing of it is committed unless the lease is ours, and nobody takes it before that. Its loss
   * ends the process.
   * @throws LeaseLost
   */
  async prove(tx: Transaction): Promise<void> {
    const { token } = this;
    if (token === null) throw new LeaseLost('this process does not hold the lease');
    const proof = await tx`
      select set_config('idle_in_transaction_session_timeout', ${`${idleMsMax}`}, true)
        from lease where token = ${token} for key share`;
    if (proof.length > 0) return;
    if (this.token !== null) this.lose();
    throw new LeaseLost('another process took the lease');
  }

  /** Gives it back, so that a successor need not wait. */
  async release(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.heldUntilMs = Number.NEGATIVE_INFINITY;
    const { token } = this;
    this.token = null;
    if (token !== null) await this.store.sql`update lease set expires_at = now() where token = ${token}`;
  }

  /** Once a second by itself. */
  async renew(): Promise<void> {
    const { token } = this;
    if (this.renewing || token === null) return;
    this.renewing = true;
    const askedAt = this.steadyMs();
    try {
      const renewed = await this.store.sql`
        update lease set expires_at = now() + ${`${leaseMs} ms`}::interval where token = ${token} returning 1`;
      if (this.token === null) return;
      if (renewed.length > 0) this.hold(askedAt);
      else this.lose();
    } catch {
      // A database that is away, which the store tells. Nobody else can take the lease from it either.
    } finally {
      this.renewing = false;
    }
  }

  private hold(askedAt: number): void {
    this.heldUntilMs = askedAt + leaseMs - marginMs;
  }

  private lose(): void {
    if (this.timer) clearInterval(this.timer);
    this.token = null;
    this.heldUntilMs = Number.NEGATIVE_INFINITY;
    this.onLost(
      new BrokenInvariant(
        'another process took the lease; this one must start anew and read what that one has written',
      ),
    );
  }
}

/** Thrown where nobody catches, so that the process ends and says why. */
function stopAtOnce(error: Error): void {
  setImmediate(() => {
    throw error;
  });
}
