import type { AccountStates, Ledger, OrderPlans } from '@scalpstorm/execution/simulation';
import { second, Timestamp } from '@scalpstorm/kernel';
import { isFinal, Quantity, TradeId } from '@scalpstorm/model';
import type { ExecutionVenue } from '@scalpstorm/venue-api';
import { listening, type Mutant, placing, recording, wrapped } from './wrapped.js';

const hour = 3_600 * second;
const later = 30 * second;

/** A venue whose clock seems to be ahead, so that whatever was asked of it seems to have expired. */
function ahead(venue: ExecutionVenue): ExecutionVenue {
  return wrapped<ExecutionVenue>(venue, {
    serverTime: async () => Timestamp.plus(await venue.serverTime(), later),
    venueTime: () => Timestamp.plus(venue.venueTime(), later),
  });
}

export const mutantsOfExecution: readonly Mutant[] = [
  {
    name: 'blind-resend',
    text: 'a placement without an answer is sent once more',
    seams: { venue: placing((outcome, again) => (outcome.kind === 'unknown' ? again() : outcome)) },
  },
  {
    name: 'timeout-is-rejected',
    text: 'a placement without an answer counts as rejected',
    seams: {
      venue: placing((outcome) =>
        outcome.kind === 'unknown'
          ? { kind: 'rejected', code: 'ORDER_REJECTED', text: outcome.text, retryable: true }
          : outcome,
      ),
    },
  },
  {
    name: 'mark-after-request',
    text: 'the SENDING mark is durable some time after the request has left',
    seams: { answersBeforeCommit: true },
  },
  {
    name: 'absence-believed-early',
    text: 'not found is believed before the request has expired',
    seams: {
      venuesOfResolve: (venues) =>
        wrapped(venues, {
          venueOf: (id) => {
            const venue = venues.venueOf(id);
            return venue === null ? null : ahead(venue);
          },
        }),
    },
  },
  {
    name: 'ages-by-the-wall-clock',
    text: 'how long the venue has had to know of an order is counted by a clock that is set',
    seams: { agesByWallClock: true },
  },
  {
    name: 'unknown-never-looked-up',
    text: 'orders whose fate is unknown are ignored',
    seams: {
      ledgerOfResolve: (ledger) =>
        wrapped<Ledger>(ledger, {
          working: (id) => ledger.working(id).filter(({ order }) => order.status !== 'unknown'),
        }),
    },
  },
  {
    name: 'expired-approval-acted-on',
    text: 'an approval is acted on however old it is',
    seams: { clockOfApprovals: (clock) => ({ now: () => Timestamp.plus(clock.now(), -hour) }) },
  },
  {
    name: 'fence-not-checked',
    text: 'a writer with an old token is not refused',
    seams: { checksFence: false },
  },
  {
    name: 'fill-applied-twice',
    text: 'a fill that is told twice is booked twice',
    seams: {
      venue: listening((listener) => ({
        onFill: (fill, order) => {
          listener.onFill(fill, order);
          listener.onFill({ ...fill, tradeId: TradeId.of(`${fill.tradeId}0`) }, order);
        },
      })),
    },
  },
  {
    name: 'late-fill-dropped',
    text: 'a fill of an order that is over is not booked',
    seams: {
      ledger: recording(async (change, ledger) => {
        const known = await ledger.find(change.clientOrderId);
        const isOver = known !== null && isFinal(known.order.status);
        return isOver ? { ...change, events: change.events.filter(({ kind }) => kind !== 'filled') } : change;
      }),
    },
  },
  {
    name: 'compared-at-start-only',
    text: 'nothing is compared with the venue after the start',
    seams: { comparesAtStartOnly: true },
  },
  {
    name: 'gap-of-the-stream-forgotten',
    text: 'an account opens although what its stream has missed could not be read',
    seams: {
      states: (states) =>
        wrapped<AccountStates>(states, {
          hold: (accountId, hold) => {
            if (hold.code !== 'STREAM_GAP_NOT_COMPARED') states.hold(accountId, hold);
          },
        }),
    },
  },
  {
    name: 'cancel-reason-late',
    text: 'a cancel leaves before its reason is durable',
    seams: {
      ledgerOfCancels: (ledger, venue) =>
        wrapped<Ledger>(ledger, {
          requestCancel: async (wish) => {
            const known = await ledger.find(wish.clientOrderId);
            if (known !== null && !isFinal(known.order.status)) await venue.cancel(known.order.request);
            return ledger.requestCancel(wish);
          },
        }),
    },
  },
  {
    name: 'slice-counted-as-unfilled',
    text: 'a plan sends anew what a slice that was canceled had filled before its end',
    seams: {
      plans: (plans) =>
        wrapped<OrderPlans>(plans, {
          save: (stored, next, asks, told) => {
            const children = next.children.map((child) =>
              child.end === null || child.end === 'filled' ? child : { ...child, filled: Quantity.zero },
            );
            return plans.save(stored, { ...next, children }, asks, told);
          },
        }),
    },
  },
  {
    name: 'held-not-judged',
    text: 'execution marks a close as the gate has approved it, whatever is held by then',
    seams: {
      ledger: (ledger) =>
        wrapped<Ledger>(ledger, { admit: (request, change) => ledger.admit(request, { ...change, onlyHeld: false }) }),
    },
  },
  {
    name: 'stop-not-asked-for',
    text: 'what the entry of a bracket has filled gets no stop',
    seams: {
      plans: (plans) =>
        wrapped<OrderPlans>(plans, {
          save: (stored, next, asks, told) =>
            plans.save(
              stored,
              next,
              asks.filter(({ request }) => request.trigger === undefined),
              told,
            ),
        }),
    },
  },
  {
    name: 'stop-for-all-of-the-plan',
    text: 'each stop of a bracket is for all that was planned, whatever of it was filled',
    seams: {
      plans: (plans) =>
        wrapped<OrderPlans>(plans, {
          save: (stored, next, asks, told) => {
            const { quantity } = next.terms;
            const large = asks.map(({ request, ask }) => ({
              request: request.trigger === undefined ? request : { ...request, quantity },
              ask,
            }));
            return plans.save(stored, next, large, told);
          },
        }),
    },
  },
  {
    name: 'halts-read-once',
    text: 'whoever leads does not look whether one that stood still has kept a halt',
    seams: { readsHaltsOnce: true },
  },
  {
    name: 'outbox-deleted-first',
    text: 'a row leaves the outbox before its message is published',
    seams: { deletesBeforePublish: true },
  },
];
