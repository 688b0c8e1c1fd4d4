import { describe, expect, it } from '@jest/globals';
import { NoAnswer } from '@scalpstorm/bus';
import * as contracts from '@scalpstorm/contracts';
import { botQuestion } from '@scalpstorm/contracts';
import { CommitUnknown, StoreBusy, StoreUnavailable } from '@scalpstorm/store';
import { answererOf } from '../../domain/answerers.js';
import { expectedProblemOf } from './problem.filter.js';

const isQuestion = (value: unknown): value is contracts.Question<unknown, unknown> =>
  typeof value === 'object' && value !== null && 'request' in value && 'reply' in value;

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
    expect(expectedProblemOf(error, 'keyed')).toMatchObject({
      status: 503,
      code: 'SERVICE_UNAVAILABLE',
      retryAfterSeconds: 2,
    });
  });

  it('is nothing that was expected when our own code fails', () => {
    expect(expectedProblemOf(new TypeError('undefined is not a function'), 'keyed')).toBeNull();
    expect(expectedProblemOf(withCode('23505'), 'keyed')).toBeNull();
  });

  it('names who did not answer in words for people, for every question that the gateway asks', () => {
    const questions = Object.values<unknown>(contracts).filter(isQuestion);
    expect(questions.map(({ name }) => name)).toContain('BotAskRequest');
    const others = questions.filter(({ name }) => answererOf(name) === answererOf('nobody'));
    // Those are put by services to each other, or to the gateway.
    expect(others.map(({ name }) => name).sort()).toEqual([
      'CandlesRequest',
      'HaltSweepRequest',
      'InferenceAskRequest',
      'RecentCandlesRequest',
      'UserStandingRequest',
    ]);
    const told = expectedProblemOf(new NoAnswer('TIMEOUT', botQuestion.name), 'keyed')?.detail;
    expect(told).toMatch(/^The bot service did not answer in time\./);
  });

  it.each([
    ['reads', /^Ask again/],
    ['keyed', /same Idempotency-Key/],
    ['unkeyed', /^Look whether it was done before/],
  ] as const)('has a next step that who asked can take: %s', (repeat, next) => {
    const problem = expectedProblemOf(new NoAnswer('TIMEOUT', botQuestion.name), repeat);
    expect(problem?.errors[0]?.next).toMatch(next);
    expect(problem?.detail.includes('may or may not')).toBe(repeat !== 'reads');
  });
});
