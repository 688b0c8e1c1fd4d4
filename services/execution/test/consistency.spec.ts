import { describe, expect, it } from '@jest/globals';
import { aFill } from '@scalpstorm/testkit';
import { type IntentFacts, violationsOf } from './consistency.js';

const fill = aFill();

function facts(changes: Partial<IntentFacts> = {}, ours: Partial<NonNullable<IntentFacts['ours']>> = {}): IntentFacts {
  return {
    clientOrderId: fill.clientOrderId,
    venueOrders: ['filled'],
    venueFills: [fill],
    ours: { status: 'filled', reasonCode: null, fills: [fill], events: ['sending', 'accepted', 'filled'], ...ours },
    ...changes,
  };
}

const absent = { venueOrders: [], venueFills: [] };
const provedAbsent = {
  status: 'expired',
  reasonCode: 'NOT_FOUND_AFTER_EXPIRY',
  fills: [],
  events: ['expired'],
} as const;

describe('the judge of the kill tests', () => {
  it.each<[string, IntentFacts]>([
    ['one filled order with its fill', facts()],
    ['proved absent', facts(absent, provedAbsent)],
    ['refused by the venue', facts(absent, { status: 'rejected', fills: [], events: ['sending', 'rejected'] })],
    ['resting', facts({ venueOrders: ['open'], venueFills: [] }, { status: 'accepted', fills: [], events: [] })],
  ])('lets pass: %s', (_name, good) => {
    expect(violationsOf(good)).toEqual([]);
  });

  it.each<[string, IntentFacts, string]>([
    ['a blind resend: two orders of one intent', facts({ venueOrders: ['filled', 'filled'] }), '2 orders'],
    ['an intent that was forgotten', facts({ ours: null }), 'do not know it'],
    ['an order given up that lives at the venue', facts({ venueOrders: ['open'] }, provedAbsent), 'open at the venue'],
    ['a timeout taken for a rejection', facts({}, { status: 'rejected', fills: [fill] }), 'filled at the venue'],
    ['given up without proof', facts(absent, { ...provedAbsent, reasonCode: 'TIMEOUT' }), 'never at the venue'],
    ['still unknown', facts({}, { status: 'unknown' }), 'still unknown'],
    ['a lost fill', facts({}, { fills: [] }), 'fills ['],
    ['a fill of other size', facts({ venueFills: [aFill({ quantity: fill.price as never })] }), 'fills ['],
    ['two endings', facts({}, { events: ['rejected', 'expired'] }), 'ended twice'],
  ])('catches %s', (_name, bad, words) => {
    expect(violationsOf(bad).join('; ')).toContain(words);
  });
});
