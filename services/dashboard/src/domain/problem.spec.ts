import { describe, expect, it } from '@jest/globals';
import { asProblem, isOutcomeUnknown, offline, problemOf, Refused, timedOut, toldOf } from './problem.js';

const answered = (status: number, code = 'SOME_CODE'): Refused => new Refused(problemOf(status, { code }));

describe('a refusal', () => {
  it('leaves the outcome unknown where nothing was answered, the gateway failed, or it is still at it', () => {
    const unknown = [new Refused(offline()), new Refused(timedOut()), answered(503), answered(500)];
    expect([...unknown, answered(409, 'IDEMPOTENCY_KEY_BUSY'), new TypeError('odd')].map(isOutcomeUnknown)).toEqual(
      Array.from({ length: 6 }, () => true),
    );
    expect([answered(409), answered(422), answered(401), answered(429)].map(isOutcomeUnknown)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('tells each fault in a sentence of its own, with its field, once', () => {
    const fault = (pointer: string, detail: string) => ({ pointer, code: 'X', detail, allowed: '', next: '' });
    const told = (...errors: readonly object[]) => toldOf(problemOf(422, { detail: 'body: a b', errors }));
    expect(told(fault('', 'the bot is not stopped'), fault('/parameters/quantity', 'is too low'))).toBe(
      'The bot is not stopped. Quantity: is too low.',
    );
    expect(told(fault('', 'The gate waits.'), fault('', 'The gate waits.'))).toBe('The gate waits.');
    expect([told(), told(fault('', ''))]).toEqual(['body: a b', 'body: a b']);
  });

  it('keeps what the gateway tells beyond the standard members', () => {
    const problem = problemOf(503, { title: 'No answer', code: 'SERVICE_UNAVAILABLE', ordersCanceled: 2 });
    expect(problem).toMatchObject({ code: 'SERVICE_UNAVAILABLE', members: { ordersCanceled: 2 } });
    expect(asProblem(new Error('odd')).members).toEqual({});
  });
});
