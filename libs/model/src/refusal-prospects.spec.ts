import { describe, expect, it } from '@jest/globals';
import { prospectOf, refusalProspects } from './refusal-prospects.js';

describe('what can be expected after a refusal', () => {
  it('is that the same order may pass when only the weather was bad', () => {
    for (const code of ['RATE_LIMITED', 'NOT_CONNECTED', 'INSTRUMENT_HALTED', 'APPROVAL_EXPIRED'])
      expect(prospectOf(code)).toBe('again');
  });

  it('is told apart for an order that is too small and one that is too large', () => {
    expect(prospectOf('NOTIONAL_BELOW_MINIMUM')).toBe('too-little');
    expect(prospectOf('NOTIONAL_ABOVE_MAXIMUM')).toBe('too-much');
  });

  it('is unclear for words that nobody knows, also those of every object', () => {
    for (const code of ['', 'VENUE_REJECTED', 'constructor', 'toString']) expect(prospectOf(code)).toBe('unclear');
  });

  it('is told of every code in capitals', () => {
    for (const code of Object.keys(refusalProspects)) expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
  });
});
