import { describe, expect, it } from '@jest/globals';
import { NoAnswer } from '@scalpstorm/bus';
import { CommitUnknown, StoreBusy, StoreUnavailable } from '@scalpstorm/store';
import { expectedProblemOf } from './problem.filter.js';

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('the problem of an error', () => {
  it.each([
    ['nobody answers', new NoAnswer('TIMEOUT', 'bot.ask.v1')],
    ['Postgres is away', new StoreUnavailable('away')],
    ['too much waits for Postgres', new StoreBusy('no connection became free')],
    ['nobody knows whether it was committed', new CommitUnknown('lost')],
    ['a read lost its connection', withCode('CONNECTION_CLOSED')],
    ['Postgres takes no connection in time', withCode('CONNECT_TIMEOUT')],
  ])('is one that is worth another try when %s', (_, error) => {
    expect(expectedProblemOf(error)).toMatchObject({ status: 503, code: 'SERVICE_UNAVAILABLE', retryAfterSeconds: 2 });
  });

  it('is nothing that was expected when our own code fails', () => {
    expect(expectedProblemOf(new TypeError('undefined is not a function'))).toBeNull();
    expect(expectedProblemOf(withCode('23505'))).toBeNull();
  });
});
