import { describe, expect, it } from '@jest/globals';
import type { Refusal } from '@scalpstorm/contracts';
import { type Problem, ProblemRaised } from '../domain/problem.js';
import { accepted } from './refusals.js';

const refusal = (code: string, text: string, field = ''): Refusal => ({ code, field, text, allowed: '', next: '' });

function problemOf(...refusals: readonly Refusal[]): Problem {
  try {
    accepted({ ok: false, refusals });
  } catch (error) {
    if (error instanceof ProblemRaised) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('what another service refuses', () => {
  it.each([
    ['NAME_TAKEN', 409],
    ['TOO_MANY_BOTS', 409],
    ['BOT_NOT_STOPPED', 409],
    ['BOT_NOT_FLAT', 409],
    ['BOT_NOT_RUNNING', 409],
    ['COMMAND_EXPIRED', 503],
    ['INVALID_NAME', 422],
  ])('%s alone is a %d under its own code', (code, status) => {
    expect(problemOf(refusal(code, 'it is so'))).toMatchObject({
      status,
      code,
      title: 'it is so',
      detail: 'it is so.',
    });
  });

  it('several are one 422, told in sentences', () => {
    const problem = problemOf(
      refusal('NAME_TAKEN', 'you have a bot named "a" already', '/name'),
      refusal('TOO_MANY_BOTS', 'you have 2 bots already.'),
    );
    expect([problem.status, problem.code]).toEqual([422, 'VALIDATION_FAILED']);
    expect(problem.detail).toBe('/name: you have a bot named "a" already. you have 2 bots already.');
  });
});
