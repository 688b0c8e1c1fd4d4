import { expect, it } from '@jest/globals';
import { addressesOf } from './addresses.js';

it('reads addresses however they are parted, each once, and none of nothing', () => {
  expect(addressesOf(' 203.0.113.7,10.0.0.0/8 ; ::1\n10.0.0.0/8, ')).toEqual(['203.0.113.7', '10.0.0.0/8', '::1']);
  expect(addressesOf('  ')).toEqual([]);
});
