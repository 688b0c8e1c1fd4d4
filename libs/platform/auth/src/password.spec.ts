import { describe, expect, it } from '@jest/globals';
import { hashPassword, verifyNothing, verifyPassword } from './password.js';

/** Cheap, so that the tests are. */
const cheap = { memory: 64, passes: 1, parallelism: 1 };

describe('passwords', () => {
  it('are kept as argon2id in the PHC format, at the recommended cost', async () => {
    const stored = await hashPassword('correct horse');
    expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct Horse', stored)).toBe(false);
  });

  it('verify against the reference implementation', async () => {
    // `argon2 somesalt -id -t 2 -m 16 -p 1` of the reference implementation's own test vectors, password "password".
    const stored = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await verifyPassword('password', stored)).toBe(true);
    expect(await verifyPassword('passwore', stored)).toBe(false);
  });

  it('never hash alike', async () => {
    expect(await hashPassword('same', cheap)).not.toBe(await hashPassword('same', cheap));
  });

  it('are the same however the keyboard composed them', async () => {
    const stored = await hashPassword('caf\u00e9', cheap);
    expect(await verifyPassword('cafe\u0301', stored)).toBe(true);
  });

  it.each([
    '',
    'plain text',
    '$argon2i$v=19$m=64,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=99999999,t=1,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
    '$argon2id$v=19$m=64,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc',
  ])('do not match the stored text %j', async (stored) => {
    expect(await verifyPassword('password', stored)).toBe(false);
  });

  it('have a bounded length', async () => {
    const long = 'x'.repeat(1_025);
    await expect(hashPassword(long, cheap)).rejects.toThrow('at most 1024 bytes');
    expect(await verifyPassword(long, await hashPassword('x', cheap))).toBe(false);
  });

  it('of nobody are never right', async () => {
    expect(await verifyNothing('anything')).toBe(false);
  });
});
