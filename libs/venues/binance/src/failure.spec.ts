import { describe, expect, it } from '@jest/globals';
import { prospectOf, VenueId } from '@scalpstorm/model';
import { VenueUnreachable } from '@scalpstorm/venue-api';
import { cancelOutcomeOf, placeOutcomeOf, type RequestFailure } from './failure.js';
import { queryError, RequestFailed } from './query-error.js';

const answered = (status: number, code: number | null, text = ''): RequestFailure => ({
  kind: 'answered',
  status,
  code,
  text,
});

describe('what a failure proves about an order', () => {
  const proof: readonly [string, RequestFailure, string, boolean][] = [
    ['a lot', answered(400, -1013, 'Filter failure: LOT_SIZE'), 'LOT_SIZE_REFUSED', false],
    [
      'a lot of a market order',
      answered(400, -1013, 'Filter failure: MARKET_LOT_SIZE'),
      'MARKET_LOT_SIZE_REFUSED',
      false,
    ],
    ['a price', answered(400, -1013, 'Filter failure: PRICE_FILTER'), 'PRICE_FILTER_REFUSED', false],
    ['too little money', answered(400, -1013, 'Filter failure: NOTIONAL'), 'NOTIONAL_BELOW_MINIMUM', false],
    [
      'too little money, as it was',
      answered(400, -1013, 'Filter failure: MIN_NOTIONAL'),
      'NOTIONAL_BELOW_MINIMUM',
      false,
    ],
    ['a filter of tomorrow', answered(400, -1013, 'Filter failure: TOMORROW'), 'FILTER_FAILURE', false],
    ['a quantity that is none', answered(400, -1013, 'Invalid quantity.'), 'FILTER_FAILURE', false],
    ['a price band', answered(400, -1013, 'Filter failure: PERCENT_PRICE_BY_SIDE'), 'PRICE_OUT_OF_BAND', true],
    ['a full account', answered(400, -2010, 'Filter failure: MAX_NUM_ORDERS'), 'TOO_MANY_OPEN_ORDERS', true],
    ['a full venue', answered(400, -1013, 'Filter failure: EXCHANGE_MAX_NUM_ORDERS'), 'TOO_MANY_OPEN_ORDERS', true],
    ['a full position', answered(400, -2010, 'Filter failure: MAX_POSITION'), 'POSITION_ABOVE_MAXIMUM', true],
    [
      'a symbol that is not for the account',
      answered(400, -2010, 'This symbol is not permitted for this account.'),
      'AUTH_REFUSED',
      false,
    ],
    [
      'an account that may not trade',
      answered(400, -2010, 'This account may not place or cancel orders.'),
      'AUTH_REFUSED',
      false,
    ],
    ['a closed market', answered(400, -1013, 'Market is closed.'), 'INSTRUMENT_HALTED', true],
    ['a closed market, said by the engine', answered(400, -2010, 'Market is closed.'), 'INSTRUMENT_HALTED', true],
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
      'a trigger that the market has reached already',
      answered(400, -2010, 'Order would trigger immediately.'),
      'WOULD_TRIGGER',
      true,
    ],
    ['another refusal of the engine', answered(400, -2010, 'Price * QTY is zero or less.'), 'ORDER_REJECTED', false],
    [
      'a post-only order at the market',
      answered(400, -2010, 'Order would immediately match and take.'),
      'WOULD_TAKE',
      true,
    ],
    ['a bad key', answered(401, -2015), 'AUTH_REFUSED', false],
    ['a bad signature', answered(400, -1022), 'AUTH_REFUSED', false],
    ['a firewall', answered(403, null, '<html>Request blocked</html>'), 'RATE_LIMITED', true],
    ['a proxy that wants a password', answered(407, null, '<html></html>'), 'NOT_CONNECTED', true],
    ['a portal in front of the venue', answered(401, null, '<html>Sign in</html>'), 'NOT_CONNECTED', true],
    ['a page of somebody else', answered(404, null, '<html>Not Found</html>'), 'NOT_CONNECTED', true],
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

  it('says by the code alone whether the same order may pass later', () => {
    for (const [, failure] of proof) {
      const outcome = placeOutcomeOf(failure);
      if (outcome.kind !== 'rejected') throw new Error('not rejected');
      expect(outcome.retryable).toBe(prospectOf(outcome.code) === 'again');
    }
  });

  it('never blames the key for words that are not the venue’s', () => {
    for (let status = 300; status < 600; status += 1) {
      const failure = answered(status, null, '<html></html>');
      for (const outcome of [placeOutcomeOf(failure), cancelOutcomeOf(failure)])
        expect(outcome).not.toMatchObject({ code: 'AUTH_REFUSED' });
      expect(queryError(VenueId.of('binance'), new RequestFailed(failure))).toBeInstanceOf(VenueUnreachable);
    }
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
