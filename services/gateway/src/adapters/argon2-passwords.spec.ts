import { describe, expect, it } from '@jest/globals';
import { ProblemRaised } from '../domain/problem.js';
import { Argon2Passwords } from './argon2-passwords.js';

describe('passwords under argon2id', () => {
  const passwords = new Argon2Passwords();

  it('verify only the password that was hashed', async () => {
    const hash = await passwords.hash('the storm passes over');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify('the storm passes over', hash)).toBe(true);
    expect(await passwords.verify('the storm passes ovr', hash)).toBe(false);
  });

  it('are salted', async () => {
    expect(await passwords.hash('same password')).not.toBe(await passwords.hash('same password'));
  });

  it('verify a hash that another implementation made with another cost', async () => {
    // From the reference implementation's tests: m=65536, t=2, p=1, "password", "somesalt".
    const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
    expect(await passwords.verify('password', hash)).toBe(true);
    expect(await passwords.verify('passwort', hash)).toBe(false);
  });

  it('say no for a user who does not exist', async () => {
    expect(await passwords.verify('anything', null)).toBe(false);
  });

  it('are the same however the letters were composed', async () => {
    expect(await passwords.verify('caf\u0065\u0301 au lait', await passwords.hash('caf\u00e9 au lait'))).toBe(true);
  });

  it('turn a crowd away instead of taking all memory', async () => {
    const crowd = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.verify('guess', null)));
    const away = crowd.filter((result) => result.status === 'rejected');
    expect(away.length).toBeGreaterThan(0);
    for (const { reason } of away) expect(reason).toBeInstanceOf(ProblemRaised);
    expect(await passwords.verify('guess', null)).toBe(false);
  });
});
