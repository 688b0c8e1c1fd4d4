import { millisecond, Timestamp } from '@scalpstorm/kernel';
import type { Log, WallClock } from '@scalpstorm/observability';
import type { PlaceOutcome } from '@scalpstorm/venue-api';
import type { TrackedOrder } from '../domain/order-row.js';
import type { Ledger } from '../ports/ledger.js';
import type { Pause } from '../ports/pause.js';
import type { Venues } from '../ports/venues.js';
import type { AccountStates } from './account-states.js';

const pauseMs = { first: 250, most: 10_000 } as const;
/** A quarter of an hour; who needs longer has to be asked. */
const triesMax = 100;

export interface KeepSendingParts {
  readonly ledger: Ledger;
  readonly venues: Venues;
  readonly states: AccountStates;
  readonly pause: Pause;
  readonly clock: WallClock;
  readonly log: Log;
}

/**
 * A stop that was reached is not lost to weather. Its bot is not asked again, and the market that let it go off may be back above it:
 * so a close that is proved to be no order at the venue, for a reason that passes, is marked anew and goes out once more. The attempt
 * stays the same, because of the one before it nothing is on its way. What opens ends with its refusal: its price is old.
 */
export class KeepSending {
  constructor(private readonly parts: KeepSendingParts) {}

  /** Null: it goes no further; it was taken, it may have been, it can not be, or somebody canceled it meanwhile. */
  async again(tracked: TrackedOrder, outcome: PlaceOutcome, tries: number): Promise<TrackedOrder | null> {
    const { ledger, venues, pause, clock, log } = this.parts;
    const { clientOrderId, accountId, purpose } = tracked.order.request;
    if (purpose !== 'close' || outcome.kind !== 'rejected' || !outcome.retryable || tries > triesMax) return null;
    const { code, text } = outcome;
    log.warn(
      { clientOrderId, code, tries },
      `an order whose trigger was reached could not be sent; once more: ${text}`,
    );
    await pause.for(Math.min(pauseMs.most, pauseMs.first * 2 ** Math.min(tries - 1, 10)));
    if (!(await this.mayGo(tracked))) return null;
    const venueTime = venues.venueOf(accountId)?.venueTime() ?? clock.now();
    const expiresAt = Timestamp.plus(venueTime, venues.requestLifeMs * millisecond);
    const recorded = await ledger.record({
      clientOrderId,
      events: [{ kind: 'sending', attempt: tracked.attempt, expiresAt }],
      occurredAt: clock.now(),
      causedBy: null,
    });
    return recorded !== null && recorded.applied > 0 ? recorded.tracked : null;
  }

  /** Waits while its account sends nothing. False: it was canceled meanwhile, or that has lasted too long. */
  private async mayGo({ order: { request } }: TrackedOrder): Promise<boolean> {
    const { ledger, states, pause } = this.parts;
    for (let looks = 0; looks < triesMax; looks += 1) {
      if (states.mayPlace(request.accountId, request.purpose)) return true;
      await pause.for(pauseMs.most);
      if ((await ledger.find(request.clientOrderId))?.order.cancelReason !== null) return false;
    }
    return false;
  }
}
