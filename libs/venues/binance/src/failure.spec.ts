import { describe, expect, it } from '@jest/globals';
import { cancelOutcomeOf, placeOutcomeOf, type RequestFailure } from './failure.js';

const answered = (status: number, code: number | null, text = ''): RequestFailure => ({
  kind: 'answered',
  status,
  code,
  text,
});

describe('what a failure proves about an order', () => {
  const proof: readonly [string, RequestFailure, string, boolean][] = [
    ['a filter', answered(400, -1013, 'Filter failure: LOT_SIZE'), 'FILTER_FAILURE', false],
    ['a price band', answered(400, -1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'), 'FILTER_FAILURE', true],
    ['a full account', answered(400, -2010, 'Filter failure: MAX_NUM_ORDERS'), 'FILTER_FAILURE', true],
    ['a full position', answered(400, -2010, 'Filter failure: MAX_POSITION'), 'FILTER_FAILURE', true],
    [
      'a symbol that is not for the account',
      answered(400, -2010, 'This symbol is not permitted for this account.'),
      'INSTRUMENT_HALTED',
      false,
    ],
    [
      'an account that may not trade',
      answered(400, -2010, 'This account may not place or cancel orders.'),
      'AUTH_REFUSED',
      false,
    ],
    ['a closed market', answered(400, -1013, 'Market is closed.'), 'INSTRUMENT_HALTED', false],
    ['an unknown symbol', answered(400, -1121, 'Invalid symbol.'), 'UNKNOWN_INSTRUMENT', false],
    ['a missing parameter', answered(400, -1102), 'INVALID_REQUEST', false],
    ['too much precision', answered(400, -1111), 'INVALID_REQUEST', false],
    [
      'no money',
      answered(400, -2010, 'Account has insufficient balance for requested action.'),
      'INSUFFICIENT_BALANCE',
      false,
    ],
    [
      'another refusal of the engine',
      answered(400, -2010, 'Order would trigger immediately.'),
      'ORDER_REJECTED',
      false,
    ],
    [
      'a post-only order at the market',
      answered(400, -2010, 'Order would immediately match and take.'),
      'WOULD_TAKE',
      false,
    ],
    ['a bad key', answered(401, -2015), 'AUTH_REFUSED', false],
    ['a bad signature', answered(400, -1022), 'AUTH_REFUSED', false],
    ['a firewall', answered(403, null), 'AUTH_REFUSED', false],
    ['too many requests', answered(429, -1003), 'RATE_LIMITED', true],
    ['a ban', answered(418, null), 'RATE_LIMITED', true],
    ['too many orders', answered(400, -1015), 'RATE_LIMITED', true],
    ['an overloaded venue that did not take it', answered(503, -1008), 'VENUE_OVERLOADED', true],
    ['a time outside the window', answered(400, -1021), 'CLOCK_SKEW', true],
    ['our own budget', { kind: 'withheld', code: 'RATE_LIMITED', text: '' }, 'RATE_LIMITED', true],
    ['our own deadline', { kind: 'withheld', code: 'REQUEST_EXPIRED', text: '' }, 'REQUEST_EXPIRED', true],
    ['nobody listening', { kind: 'refused', text: 'connect ECONNREFUSED' }, 'NOT_CONNECTED', true],
  ];
  it.each(proof)('%s: no order exists', (_, failure, code, retryable) => {
    expect(placeOutcomeOf(failure)).toMatchObject({ kind: 'rejected', code, retryable });
  });

  const doubt: readonly [string, RequestFailure, string][] = [
    ['no answer in time', { kind: 'timeout', text: '' }, 'TIMEOUT'],
    ['a connection that broke', { kind: 'lost', text: 'other side closed' }, 'CONNECTION_LOST'],
    ['an answer that nobody can read', { kind: 'unreadable', text: '' }, 'UNREADABLE_ANSWER'],
    ['a server error', answered(500, -1000), 'VENUE_FAILURE'],
    ['a gateway error without a body', answered(502, null), 'VENUE_FAILURE'],
    ['a gateway timeout', answered(504, null), 'VENUE_FAILURE'],
    ['an error inside the venue', answered(400, -1001), 'VENUE_FAILURE'],
    ['"execution status unknown"', answered(400, -1006), 'VENUE_FAILURE'],
    ['"timeout waiting for response from backend"', answered(400, -1007), 'VENUE_FAILURE'],
    ['a request timeout of a proxy', answered(408, null), 'UNREADABLE_ANSWER'],
    ['an id that is there already', answered(400, -2010, 'Duplicate order sent.'), 'DUPLICATE_CLIENT_ORDER_ID'],
    ['an answer that belongs to another question', answered(400, -2013), 'UNREADABLE_ANSWER'],
    ['a code that means nothing to us', answered(400, 7), 'UNREADABLE_ANSWER'],
  ];
  it.each(doubt)('%s: unknown, never rejected', (_, failure, code) => {
    expect(placeOutcomeOf(failure)).toMatchObject({ kind: 'unknown', code });
  });

  it('takes only the venue’s own words for an order that is not there', () => {
    expect(cancelOutcomeOf(answered(400, -2011, 'Unknown order sent.'))).toEqual({ kind: 'not-found' });
    expect(cancelOutcomeOf(answered(400, -2011, 'Order was not canceled due to cancel restrictions.'))).toMatchObject({
      kind: 'rejected',
      code: 'ORDER_REJECTED',
    });
    expect(cancelOutcomeOf(answered(404, null, 'Not Found'))).toMatchObject({ kind: 'rejected' });
    expect(cancelOutcomeOf({ kind: 'timeout', text: '' })).toMatchObject({ kind: 'unknown', code: 'TIMEOUT' });
  });
});
