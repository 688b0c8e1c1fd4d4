import { describe, expect, it } from '@jest/globals';
import { millisecond, second, Timestamp } from '@scalpstorm/kernel';
import { Quantity } from '@scalpstorm/model';
import fc from 'fast-check';
import { at } from '../testing.js';
import { decide } from './decide.js';
import { code, context, empty, holding, limits, slot, small, wanted } from './scene.js';

const opening = wanted({ quantity: small });
const closing = wanted({ ...slot(101, 'exit'), side: 'sell', purpose: 'close', quantity: small });
const held = holding('1');

describe('a request that nobody wants any more', () => {
  it('is denied whether it opens or closes, from that moment on', () => {
    expect(code(opening, empty, { validUntil: Timestamp.plus(context.now, 1) })).toBe('approved');
    const late = { validUntil: context.now };
    expect(code(opening, empty, late)).toBe('REQUEST_EXPIRED');
    expect(code(closing, held, late)).toBe('REQUEST_EXPIRED');
    expect(code(closing, held, { validUntil: null })).toBe('approved');
  });
});

describe('an account that is not reconciled', () => {
  it('opens nothing, and closes', () => {
    expect(code(opening, empty, { reconciled: false })).toBe('ACCOUNT_NOT_RECONCILED');
    expect(code(closing, held, { reconciled: false })).toBe('approved');
  });

  it('of which nothing was heard has no balance that is known either', () => {
    expect(code(opening, empty, { reconciled: null, funds: null })).toBe('BALANCE_UNKNOWN');
  });
});

describe('outside of the session', () => {
  it('nothing is opened, what is held can be closed, and the answer says when it opens', () => {
    const opens = 3_600 * second;
    const sessions = [{ days: [0, 1, 2, 3, 4, 5, 6], from: opens, to: 2 * opens }];
    const day = 86_400 * second;
    const midnight = Timestamp.fromMicros(at(10) - (at(10) % day) + day);
    const closed = { sessions, now: midnight, market: context.market && { ...context.market, occurredAt: midnight } };
    expect(code(opening, empty, closed)).toBe('SESSION_CLOSED');
    expect(code(closing, held, closed)).toBe('approved');
    const verdict = decide(opening, empty, limits, { ...context, ...closed });
    const next = `Wait until ${Timestamp.toIso(Timestamp.plus(midnight, opens))}.`;
    expect(verdict).toMatchObject({ denial: { field: '/instrumentId', next } });
  });
});

describe('clocks that are apart', () => {
  it('open nothing beyond the limit, either way, less the error of the measurement', () => {
    const most = limits.clockOffsetMax;
    const span = fc.integer({ min: -3 * most, max: 3 * most });
    fc.assert(
      fc.property(span, fc.integer({ min: 0, max: 2 * most }), (offset, uncertainty) => {
        const expected = Math.abs(offset) - uncertainty > most ? 'CLOCK_OFFSET' : 'approved';
        expect(code(opening, empty, { venueClock: { offset, uncertainty, measuredAt: at(9) } })).toBe(expected);
        expect(code(closing, held, { venueClock: { offset, uncertainty, measuredAt: at(9) } })).toBe('approved');
      }),
    );
  });

  it('that were not measured open nothing with real money', () => {
    expect(code(opening, empty, { venueClock: null })).toBe('approved');
    expect(code({ ...opening, mode: 'live' }, empty, { venueClock: null })).toBe('CLOCK_OFFSET');
  });

  it('open nothing with real money when the measurement is old, or too rough to find it', () => {
    const [live, most] = [{ ...opening, mode: 'live' as const }, limits.clockOffsetMax];
    const measured = (uncertainty: number, measuredAt: Timestamp) => ({
      venueClock: { offset: 0, uncertainty, measuredAt },
    });
    const old = Timestamp.plus(context.now, -60 * second);
    expect(code(live, empty, measured(most, old))).toBe('approved');
    const doubtful = [measured(most + 1, context.now), measured(0, Timestamp.plus(old, -1))];
    for (const clock of doubtful) {
      expect(code(live, empty, clock)).toBe('CLOCK_OFFSET');
      expect(code(opening, empty, clock)).toBe('approved');
      expect(code({ ...closing, mode: 'live' }, held, clock)).toBe('approved');
    }
  });

  it('go by the account’s mode, whatever the request says', () => {
    expect(code(opening, empty, { venueClock: null, mode: 'live' })).toBe('CLOCK_OFFSET');
    expect(code({ ...opening, mode: 'live' }, empty, { venueClock: null, mode: 'demo' })).toBe('approved');
  });

  it('are told with the value and the limit', () => {
    const venueClock = { offset: -250 * millisecond, uncertainty: 5 * millisecond, measuredAt: at(9) };
    const verdict = decide(wanted({ quantity: Quantity.of('0.1') }), empty, limits, { ...context, venueClock });
    expect(verdict).toMatchObject({ denial: { code: 'CLOCK_OFFSET', limit: '100 ms', value: '-250 ms' } });
  });
});
