import { describe, expect, it } from '@jest/globals';
import { ProblemRaised } from '../../domain/problem.js';
import { assertStorable, parsed } from './invalid.js';
import { preferencesPatch } from './notification-schemas.js';
import type { AnyRoute } from './route.js';
import { routes } from './routes.js';
import { pageQuery } from './schemas.js';
import { botPatch, newBotBody } from './schemas-bots.js';
import { credentials } from './schemas-people.js';
import { newApiKeyBody } from './schemas-platform.js';
import { haltBody, releaseBody } from './schemas-risk.js';

const good = {
  name: 'A',
  strategy: 'scalping-cycle',
  account: 'demo',
  venue: 'sim',
  symbol: 'BTC-USDT',
  mode: 'demo',
  parameters: {},
};

function problemOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemRaised) return error.problem;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a body that is not accepted', () => {
  it('names every wrong field with what would be accepted and what to do', () => {
    const problem = problemOf(() =>
      parsed(newBotBody, { ...good, mode: 'real', symbol: 'btcusdt', name: '', account: undefined }),
    );
    expect(problem).toMatchObject({ status: 422, code: 'VALIDATION_FAILED' });
    expect(problem.errors.map(({ pointer, code }) => [pointer, code])).toEqual([
      ['/name', 'TOO_SMALL'],
      ['/account', 'REQUIRED'],
      ['/symbol', 'INVALID'],
      ['/mode', 'NOT_ALLOWED'],
    ]);
    expect(problem.errors.find(({ pointer }) => pointer === '/mode')?.allowed).toBe('backtest, demo, paper, live');
    expect(problem.errors.find(({ pointer }) => pointer === '/symbol')?.allowed).toContain('BTC-USDT');
    for (const error of problem.errors) expect(error.next).not.toBe('');
  });

  it.each([[[]], ['quantity'], [null], [3]])('does not call parameters missing that are %j', (parameters) => {
    expect(problemOf(() => parsed(newBotBody, { ...good, parameters })).errors).toEqual([
      expect.objectContaining({ pointer: '/parameters', code: 'WRONG_TYPE', allowed: 'object' }),
    ]);
  });

  it('does not take fields that it does not know', () => {
    const problem = problemOf(() => parsed(newBotBody, { ...good, leverage: 100 }));
    expect(problem.errors).toEqual([
      expect.objectContaining({
        pointer: '/leverage',
        code: 'UNKNOWN_FIELD',
        detail: expect.stringContaining('leverage'),
        allowed: 'name, strategy, account, venue, symbol, mode, parameters',
      }),
    ]);
  });

  it('says in words what is too little or too much', () => {
    const told = problemOf(() =>
      parsed<unknown>(newApiKeyBody, { label: '', scopes: [], allowedAddresses: Array(21).fill('::1') }),
    ).errors.map(({ detail, allowed, next }) => [detail, allowed, next]);
    expect(told).toEqual([
      ['must not be empty.', 'at least 1 character', 'Fill it in.'],
      ['must not be empty.', 'at least 1 entry', 'Name at least one.'],
      ['must have at most 20 entries.', 'at most 20 entries', 'Name fewer.'],
    ]);
    const [number] = problemOf(() => parsed(pageQuery, { limit: '501' })).errors;
    expect(number).toMatchObject({ detail: 'must be at most 500.', next: 'Send a smaller number.' });
  });

  it('names every field that nobody knows, each by itself', () => {
    const problem = problemOf(() => parsed<unknown>(releaseBody, { skope: 'mine', txt: 'x' }));
    expect(problem.errors.map(({ pointer, next }) => [pointer, next])).toEqual([
      ['/skope', 'Did you mean scope?'],
      ['/txt', 'Did you mean text?'],
    ]);
    expect(problem.detail).toBe('/skope: there is no field "skope" here. /txt: there is no field "txt" here.');
  });

  it.each([
    ['a halt', haltBody, { levl: 'flatten' }, '/levl', 'level'],
    ['a release', releaseBody, { skope: 'platform' }, '/skope', 'scope'],
    ['a log-in', credentials, { email: 'a@example.com', password: 'x', pasword: 'y' }, '/pasword', 'password'],
    ['an edit', botPatch, { name: 'a', paramters: {} }, '/paramters', 'parameters'],
    ['preferences', preferencesPatch, { quietHours: { from: '1', to: '2', too: '3' } }, '/quietHours/too', 'to'],
  ])('of %s names the field that is not known, and the one that was meant', (_, schema, body, pointer, meant) => {
    const [error] = problemOf(() => parsed<unknown>(schema, body)).errors;
    expect(error).toMatchObject({ pointer, code: 'UNKNOWN_FIELD', next: `Did you mean ${meant}?` });
    expect(error?.allowed.split(', ')).toContain(meant);
  });

  it('is refused also where there is nothing to say, but may be empty or missing', () => {
    for (const { method, body } of Object.values(routes) as readonly AnyRoute[]) {
      if (method === 'GET') continue;
      expect(body.safeParse({ nobodyReadsThis: 1 }).success).toBe(false);
    }
    for (const empty of [undefined, null, {}]) expect(routes.commandBot.body.safeParse(empty).success).toBe(true);
    for (const empty of [undefined, null, {}]) expect(parsed(haltBody, empty).level).toBe('halt');
  });

  it.each([{ limit: '0' }, { limit: '501' }, { limit: 'ten' }, { after: 'nonsense' }])(
    'refuses the page %j',
    (query) => {
      expect(problemOf(() => parsed(pageQuery, query)).status).toBe(422);
    },
  );

  it('is refused when it is nested without end, and says where', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`);
    expect(problemOf(() => assertStorable(deep)).errors[0]).toMatchObject({
      code: 'TOO_DEEP',
      pointer: '/a'.repeat(33),
      allowed: 'at most 32 levels',
    });
  });

  it.each([['a\0b'], ['\ud800']])('refuses the character in %j, wherever it is', (text) => {
    const problem = problemOf(() => assertStorable({ parameters: { note: [text] } }));
    expect(problem.errors[0]).toMatchObject({ pointer: '/parameters/note/0', code: 'UNSUPPORTED_CHARACTER' });
    expect(problemOf(() => assertStorable({ [text]: 1 })).status).toBe(422);
  });

  it('takes every other text', () => {
    expect(() => assertStorable({ name: 'Größe 🚀', parameters: [null, 1, true, { deep: 'ok' }] })).not.toThrow();
  });
});
