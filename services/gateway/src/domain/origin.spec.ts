import { describe, expect, it } from '@jest/globals';
import { isOriginAllowed } from './origin.js';

const host = '127.0.0.1:3000';
const allowed = ['https://trade.example'];

describe('the origin of a stream', () => {
  it.each([
    ['of the gateway itself', 'http://127.0.0.1:3000', true],
    ['of the gateway behind TLS', 'https://127.0.0.1:3000', true],
    ['on the list', 'https://trade.example', true],
    ['of a program, which sends none', undefined, true],
    ['on another port', 'http://127.0.0.1:3001', false],
    ['elsewhere', 'https://evil.example', false],
    ['that only begins like ours', 'http://127.0.0.1:3000.evil.example', false],
    ['on the list with another scheme', 'http://trade.example', false],
    ['that is hidden', 'null', false],
    ['that is empty', '', false],
  ])('%s: %j → %j', (_, origin, expected) => {
    expect(isOriginAllowed({ origin, host, allowed })).toBe(expected);
  });

  it('is refused when the request names no host', () => {
    expect(isOriginAllowed({ origin: 'http://undefined', host: undefined, allowed })).toBe(false);
  });
});
