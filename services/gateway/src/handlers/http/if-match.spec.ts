import { expect, it } from '@jest/globals';
import { ProblemRaised } from '../../domain/problem.js';
import { withVersion } from './if-match.js';

it.each(['"17"', 'W/"17"', '17', ' "17" '])('the version of If-Match: %s stands in the body', (header) => {
  expect(withVersion({ name: 'a' }, header)).toEqual({ name: 'a', version: 17 });
  expect(withVersion({ name: 'a', version: 17 }, header)).toEqual({ name: 'a', version: 17 });
});

it('any version, or none, leaves the body as it is', () => {
  for (const header of [undefined, '*']) expect(withVersion({ name: 'a' }, header)).toEqual({ name: 'a' });
  expect(withVersion(null, '"1"')).toBeNull();
});

it.each([
  ['"a"', {}],
  ['"1", "2"', {}],
  ['', {}],
  ['"2"', { version: 1 }],
])('what is not one version is refused: %s', (header, body) => {
  expect(() => withVersion(body, header)).toThrow(ProblemRaised);
});
