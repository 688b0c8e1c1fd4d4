import { afterEach, describe, expect, it } from '@jest/globals';
import { BinanceExecutionVenue } from './binance-execution-venue.js';
import { placeOutcomeOf } from './failure.js';
import { anOrder, credentials, impatient, inTime } from './testing/scripted-parts.js';
import { ScriptedVenue } from './testing/scripted-venue.js';

/** What a body may be: a page of somebody else, the venue's own words, or a code that means nothing to us. */
const bodies = {
  page: null,
  overloaded: -1008,
  filter: -1013,
  refusal: -2010,
  disconnected: -1001,
  undecided: -1007,
  throttled: -1003,
  signature: -1022,
  missing: -2013,
  positive: 7,
} as const;
type Body = keyof typeof bodies;

const everywhere: readonly number[] = Array.from({ length: 300 }, (_, index) => 300 + index);
/** A firewall or a proxy that did not forward it. */
const turnedAway: readonly number[] = [401, 403, 404, 405, 407];
const judged: readonly Body[] = ['overloaded', 'filter', 'refusal', 'throttled', 'signature'];

/** By the documents of the venue and the meaning of the status, not by our code. */
function isProofOfNoOrder(status: number, body: Body): boolean {
  if (status === 429 || status === 418 || body === 'overloaded') return true;
  if (status >= 500) return false;
  return body === 'page' ? turnedAway.includes(status) : judged.includes(body);
}

describe('an answer to a placement', () => {
  it.each(Object.keys(bodies) as Body[])('with the body "%s" is a refusal or a doubt at every status', (body) => {
    const wrong = everywhere.filter((status) => {
      const { kind } = placeOutcomeOf({ kind: 'answered', status, code: bodies[body], text: 'words' });
      return kind !== (isProofOfNoOrder(status, body) ? 'rejected' : 'unknown');
    });
    expect(wrong).toEqual([]);
  });
});

describe('a placement', () => {
  let scripted: ScriptedVenue;
  let execution: BinanceExecutionVenue;

  afterEach(async () => {
    await execution.close();
    await scripted.stop();
  });

  const answers = [
    [400, { code: -1021, msg: 'Timestamp outside of recvWindow.' }],
    [400, { code: -1007, msg: 'Timeout waiting for response from backend server.' }],
    [403, '<html>'],
    [408, '<html>'],
    [418, { code: -1003, msg: 'banned' }],
    [425, '<html>'],
    [429, { code: -1003, msg: 'Too many requests.' }],
    [500, { code: -1000, msg: 'unknown' }],
    [502, '<html>'],
    [503, { code: -1008, msg: 'overloaded' }],
    [504, ''],
    [200, '<html>'],
  ] as const;
  it.each(answers)('that is answered with %p %p leaves once', async (status, body) => {
    scripted = await ScriptedVenue.start();
    scripted.on('POST /api/v3/order', { status, body });
    execution = await BinanceExecutionVenue.create(impatient(scripted, []), credentials);
    const outcome = await execution.place(anOrder({ purpose: 'close' }), inTime());
    expect(outcome.kind).not.toBe('accepted');
    expect(scripted.count('POST /api/v3/order')).toBe(1);
  });
});
