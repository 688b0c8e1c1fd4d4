import { describe, expect, it } from '@jest/globals';
import { isAddressAllowed, isNetwork } from './allowed-address.js';

describe('the addresses that a key may come from', () => {
  it.each([
    ['127.0.0.1', [], true],
    ['203.0.113.7', ['203.0.113.7'], true],
    ['203.0.113.8', ['203.0.113.7'], false],
    ['10.200.3.4', ['10.0.0.0/8'], true],
    ['11.0.0.1', ['10.0.0.0/8'], false],
    ['::ffff:10.1.1.1', ['10.0.0.0/8'], true],
    ['2001:db8::5', ['2001:db8::/32'], true],
    ['2001:db9::5', ['2001:db8::/32'], false],
    ['not an address', ['0.0.0.0/0'], false],
  ])('%s from %j: %s', (address, allowed, expected) => {
    expect(isAddressAllowed(address, allowed)).toBe(expected);
  });

  it.each(['203.0.113.7', '10.0.0.0/8', '::1', '2001:db8::/32'])('%s is a network', (text) => {
    expect(isNetwork(text)).toBe(true);
  });
  it.each(['', 'localhost', '10.0.0.0/33', '10.0.0/8', '10.0.0.0/8/8', '::1/129', '10.0.0.0/'])(
    '%j is none',
    (text) => {
      expect(isNetwork(text)).toBe(false);
    },
  );
});
