import { describe, expect, it } from '@jest/globals';
import type { Order, OrderStatus } from '@scalpstorm/model';
import { at, exampleRequest, usdt } from '../testing.js';
import { createOrder } from './order.js';
import { type Lookup, type SendingSituation, sendingDecision } from './sending.js';

const order = (status: OrderStatus, statusBefore: OrderStatus | null = null): Order => ({
  ...createOrder(exampleRequest(), usdt, at(0)),
  status,
  statusBefore,
});
const expiresAt = at(10);
const found: Lookup = { kind: 'found' };
const failed: Lookup = { kind: 'failed' };
const absentBefore: Lookup = { kind: 'not-found', askedAt: at(9) };
const absentJustAfter: Lookup = { kind: 'not-found', askedAt: at(10.5) };
const absentInLag: Lookup = { kind: 'not-found', askedAt: at(15.5) };
const absentAfter: Lookup = { kind: 'not-found', askedAt: at(17) };

const decide = (changes: Partial<SendingSituation>) =>
  sendingDecision({
    order: order('unknown'),
    expiresAt,
    venueNow: at(5),
    venueClockErrorMax: 1_000_000,
    venueReadLag: 5_000_000,
    lookup: null,
    mayResend: true,
    ...changes,
  });

describe('the SENDING protocol', () => {
  it.each([
    ['sending, the answer may still come', { order: order('sending') }, 'wait'],
    ['sending, past the expiry', { order: order('sending'), venueNow: at(17) }, 'query'],
    ['sending, past the expiry but within the clock’s error', { order: order('sending'), venueNow: at(10.5) }, 'wait'],
    ['sending without a venue clock', { order: order('sending'), venueNow: null }, 'wait'],
    ['unknown, not asked', {}, 'query'],
    ['unknown, not asked, without a venue clock', { venueNow: null }, 'query'],
    ['unknown, the question failed', { lookup: failed }, 'query'],
    ['found', { lookup: found }, 'adopt'],
    [
      'found for an order that is to be canceled',
      { order: order('pending-cancel', 'unknown'), lookup: found },
      'adopt',
    ],
    ['absent, but the request may still arrive', { lookup: absentBefore }, 'wait'],
    ['absent before the expiry, which has passed now', { lookup: absentBefore, venueNow: at(17) }, 'query'],
    ['absent within the clock’s error of the expiry', { lookup: absentJustAfter, venueNow: at(17) }, 'query'],
    ['absent within the lag of the venue’s answers', { lookup: absentInLag, venueNow: at(15.5) }, 'wait'],
    ['absent within that lag, which has passed now', { lookup: absentInLag, venueNow: at(17) }, 'query'],
    ['absent after the expiry', { lookup: absentAfter, venueNow: at(17) }, 'resend'],
    ['absent after the expiry, found out late', { order: order('sending'), lookup: absentAfter }, 'resend'],
    ['absent after the expiry, no attempt left', { lookup: absentAfter, mayResend: false }, 'give-up'],
    ['absent and no longer wanted', { order: order('pending-cancel', 'unknown'), lookup: absentAfter }, 'give-up'],
    ['accepted meanwhile', { order: order('accepted'), lookup: absentAfter }, 'wait'],
    ['filled meanwhile', { order: order('filled'), lookup: absentAfter }, 'wait'],
  ] as const)('%s → decides', (_name, changes, expected) => {
    expect(decide(changes as Partial<SendingSituation>)).toBe(expected);
  });

  it('never resends without a not-found answer to a question that left after the expiry', () => {
    for (const status of ['sending', 'submitted', 'unknown'] as const) {
      for (const venueNow of [null, at(5), at(10), at(11), at(100)]) {
        for (const lookup of [null, found, failed, absentBefore, absentJustAfter, absentInLag]) {
          expect(decide({ order: order(status), venueNow, lookup })).not.toBe('resend');
        }
      }
    }
  });
});
