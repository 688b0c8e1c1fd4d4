import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import { type Check, words } from './check.js';
import { denial, type Finding, type Judgement } from './judgement.js';
import type { VenueClock } from './policy.js';
import { isInSession, nextSession } from './sessions.js';

/** Whoever asked does not wait for it any more: what they wanted then may be wrong now, also where it closes. */
function stillWanted({ context: { validUntil = null, now } }: Judgement): Finding | null {
  if (validUntil === null || now < validUntil) return null;
  const numbers = [Timestamp.toIso(validUntil), Timestamp.toIso(now)] as const;
  const text = `The order was wanted until ${numbers[0]}, and was only judged at ${numbers[1]}.`;
  return denial('REQUEST_EXPIRED', text, numbers, 'Order again, if it is still wanted.');
}

function accountReconciled({ request, context }: Judgement): Finding | null {
  if (context.reconciled !== false) return null;
  const text = `What the books say of the account ${request.accountId} and what its venue says differ, or were not compared yet.`;
  const next = `See the account’s reconciliation, and settle what it lists; the bot tries again by itself.`;
  return denial('ACCOUNT_NOT_RECONCILED', text, ['reconciled', 'not reconciled'], next);
}

function inSession({ request, context: { sessions = [], now } }: Judgement): Finding | null {
  if (isInSession(sessions, now)) return null;
  const opens = nextSession(sessions, now);
  const next = opens === null ? 'Trade another instrument.' : `Wait until ${Timestamp.toIso(opens)}.`;
  const text = `${request.instrumentId} is outside its trading session.`;
  return denial('SESSION_CLOSED', text, [opens === null ? '' : Timestamp.toIso(opens), Timestamp.toIso(now)], next);
}

/** With real money a measurement says nothing any more after so long. */
const measurementAgeMax = 60 * second;

/**
 * Ages of prices and expiries of requests mean something while two clocks agree. Measured with the error of the measurement, half
 * its round trip, in favour of the clock. With real money nothing is opened before it was measured, nor by a measurement that is old,
 * or so rough that it could hide a clock that is off.
 */
function clocksAgree({
  request,
  limits,
  context: { venueClock, mode = request.mode, now },
}: Judgement): Finding | null {
  const next = 'Check the time service of the machine; the bot tries again by itself.';
  const limit = `${limits.clockOffsetMax / 1000} ms`;
  const doubt = mode === 'live' ? doubtOf(venueClock, limits.clockOffsetMax, now) : null;
  if (doubt !== null) return denial('CLOCK_OFFSET', doubt.text, [limit, doubt.value], next);
  if (venueClock === null) return null;
  const { offset, uncertainty } = venueClock;
  if (Math.abs(offset) - uncertainty <= limits.clockOffsetMax) return null;
  const value = `${offset / 1000} ms`;
  const text = `The clock of the venue is ${Math.abs(offset) / 1000} ms ${offset > 0 ? 'ahead of' : 'behind'} ours.`;
  return denial('CLOCK_OFFSET', text, [limit, value], next);
}

function doubtOf(clock: VenueClock | null, max: Micros, now: Timestamp): { text: string; value: string } | null {
  if (clock === null) return { text: 'How far the clock of the venue is from ours was not measured yet.', value: '' };
  const { uncertainty, measuredAt } = clock;
  if (now > Timestamp.plus(measuredAt, measurementAgeMax)) {
    return { text: 'How far the clock of the venue is from ours was last measured more than a minute ago.', value: '' };
  }
  if (uncertainty <= max) return null;
  const value = `${uncertainty / 1000} ms`;
  return { text: `How far the clock of the venue is from ours is known to ${value} only.`, value };
}

/** Before anything else. */
export const requestChecks: readonly Check[] = [
  {
    name: 'the request is still wanted',
    closing: true,
    refusals: [
      {
        code: 'REQUEST_EXPIRED',
        field: '',
        limit: words('until when whoever asked wants it'),
        next: 'Order again, if it is still wanted.',
      },
    ],
    judge: stillWanted,
  },
];

/** Then whether the account and the venue are in order. */
export const readinessChecks: readonly Check[] = [
  {
    name: 'the account is reconciled',
    closing: false,
    refusals: [
      {
        code: 'ACCOUNT_NOT_RECONCILED',
        field: '',
        limit: words('execution’s comparison with the venue, without an open difference'),
        next: 'Settle what the reconciliation of the account lists.',
      },
    ],
    judge: accountReconciled,
  },
  {
    name: 'the trading session',
    closing: false,
    refusals: [
      {
        code: 'SESSION_CLOSED',
        field: '/instrumentId',
        limit: words('the session of the instrument or of its venue, as set; none set: always open'),
        next: 'Wait until it opens.',
      },
    ],
    judge: inSession,
  },
  {
    name: 'the clocks agree',
    closing: false,
    refusals: [
      { code: 'CLOCK_OFFSET', field: '', limit: 'clockOffsetMax', next: 'Check the time service of the machine.' },
    ],
    judge: clocksAgree,
  },
];
