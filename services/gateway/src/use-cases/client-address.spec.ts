import { describe, expect, it } from '@jest/globals';
import { isWithin } from './allowed-address.js';
import { clientAddressOf } from './client-address.js';

const trusted = isWithin(['10.0.0.0/8', 'fd00::/8']);

describe('the address of a client', () => {
  it.each([
    ['a stranger says what it likes', '203.0.113.1', '10.0.0.1, 198.51.100.9', '203.0.113.1'],
    ['a proxy that says nothing is the client', '10.0.0.1', undefined, '10.0.0.1'],
    ['a proxy tells the client', '10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['what stands before a stranger was written by the stranger', '10.0.0.1', '1.2.3.4, 198.51.100.9', '198.51.100.9'],
    ['two proxies, one behind the other', '10.0.0.1', '1.2.3.4, 198.51.100.9 , 10.9.9.9', '198.51.100.9'],
    ['a proxy in the IPv6 form of its IPv4 address', '::ffff:10.0.0.1', '2001:db8::1', '2001:db8::1'],
    ['what is no address is not believed', '10.0.0.1', '198.51.100.9, unknown', '10.0.0.1'],
  ])('%s', (_, peer, forwardedFor, expected) => {
    expect(clientAddressOf(peer, forwardedFor, trusted)).toBe(expected);
  });

  it('is the other end of the connection when no proxy is trusted', () => {
    expect(clientAddressOf('10.0.0.1', '198.51.100.9', isWithin([]))).toBe('10.0.0.1');
  });
});
