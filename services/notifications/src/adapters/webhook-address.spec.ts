import { describe, expect, it } from '@jest/globals';
import { faultOfUrl, isPublicAddress } from './webhook-address.js';

const strict = { privateAllowed: false, httpAllowed: false };

describe('a public address', () => {
  it.each(['8.8.8.8', '93.184.216.34', '2606:4700::1111', '2a00:1450::1'])('is %s', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '2001:0:1::',
    '64:ff9b::7f00:1',
    'no address',
  ])('is not %s', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('the URL of a webhook', () => {
  it('may be any of the open internet over https', () => {
    expect(faultOfUrl('https://hooks.example.com:8443/a?b=c', strict)).toBeNull();
  });

  it.each([
    ['http://hooks.example.com/', 'HTTPS_REQUIRED'],
    ['ftp://hooks.example.com/', 'HTTPS_REQUIRED'],
    ['file:///etc/passwd', 'INVALID_URL'],
    ['hooks.example.com', 'INVALID_URL'],
    ['https://user:password@hooks.example.com/', 'INVALID_URL'],
    [`https://hooks.example.com/${'a'.repeat(1_000)}`, 'INVALID_URL'],
    ['https://localhost/', 'PRIVATE_ADDRESS'],
    ['https://gateway.localhost/', 'PRIVATE_ADDRESS'],
    ['https://127.0.0.1/', 'PRIVATE_ADDRESS'],
    ['https://2130706433/', 'PRIVATE_ADDRESS'],
    ['https://0x7f.1/', 'PRIVATE_ADDRESS'],
    ['https://[::1]/', 'PRIVATE_ADDRESS'],
    ['https://[::ffff:10.0.0.1]/', 'PRIVATE_ADDRESS'],
    ['https://169.254.169.254/latest/meta-data', 'PRIVATE_ADDRESS'],
  ])('may not be %s', (url, code) => {
    expect(faultOfUrl(url, strict)?.code).toBe(code);
  });

  it('may be in the own network when the operator says so', () => {
    expect(faultOfUrl('http://127.0.0.1:9000/', { privateAllowed: true, httpAllowed: true })).toBeNull();
  });
});
