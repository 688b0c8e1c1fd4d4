import { describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { isConnectionFailure } from './errors.js';

/** As the driver makes one; its types know only how it is read. */
const told = (severity: string, code: string): Error => {
  const PostgresError = postgres.PostgresError as unknown as new (fields: object) => Error;
  return new PostgresError({ severity, code, message: 'it failed' });
};

describe('what the server says when it fails', () => {
  it.each([
    ['ERROR', '23505', false],
    ['ERROR', '57014', false],
    ['ERROR', '58030', false],
    ['ERROR', '57P01', true],
    ['FATAL', '58030', true],
    // The log could not be brought to the disk, after the commit was written into it.
    ['PANIC', '58030', true],
  ])('%s %s: the connection failed, and perhaps not the statement: %s', (severity, code, failed) => {
    expect(isConnectionFailure(told(severity, code))).toBe(failed);
  });
});
