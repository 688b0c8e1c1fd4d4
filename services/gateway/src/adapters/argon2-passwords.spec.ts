import { describe, expect, it } from '@jest/globals';
import { hashPassword } from '@scalpstorm/auth';
import { ProblemRaised } from '../domain/problem.js';
import { Argon2Passwords } from './argon2-passwords.js';

describe('passwords', () => {
  const passwords = new Argon2Passwords();

  it('verify only the password that was hashed, and nothing for a user who does not exist', async () => {
    const hash = await passwords.hash('the storm passes over');
    expect(await passwords.verify('the storm passes over', hash)).toBe(true);
    expect(await passwords.verify('the storm passes ovr', hash)).toBe(false);
    expect(await passwords.verify('the storm passes over', null)).toBe(false);
  });

  it('turn a crowd away instead of taking all memory', async () => {
    // Turned away by their number alone, so a cheap hash does.
    const hash = await hashPassword('known', { memory: 64, passes: 1, parallelism: 1 });
    const crowd = await Promise.allSettled(Array.from({ length: 100 }, () => passwords.verify('guess', hash)));
    const away = crowd.filter((result) => result.status === 'rejected');
    expect(away).toHaveLength(100 - 4 - 64);
    for (const { reason } of away) expect(reason).toBeInstanceOf(ProblemRaised);
    expect(await passwords.verify('known', hash)).toBe(true);
  });
});
