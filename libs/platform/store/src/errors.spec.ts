import { describe, expect, it } from '@jest/globals';
import postgres from 'postgres';
import { isConnectionFailure, isStoreWeather } from './errors.js';

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

  it.each([
    ['40001', true],
    ['40P01', true],
    ['23505', false],
    ['22001', false],
  ])('%s passes, and is no fault of what was to be written: %s', (code, passes) => {
    expect(isStoreWeather(told('ERROR', code))).toBe(passes);
  });
});
