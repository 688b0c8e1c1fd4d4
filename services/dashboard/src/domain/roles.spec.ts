import { expect, it } from '@jest/globals';
import { holdersOf, mayAct, roles } from './roles.js';

it.each([
  ['viewer', []],
  ['trader', ['trader', 'brake']],
  ['risk', ['brake', 'risk']],
  ['admin', ['trader', 'brake', 'risk', 'admin']],
] as const)('a %s may act as %j', (role, wanted) => {
  expect((['trader', 'brake', 'risk', 'admin'] as const).filter((right) => mayAct(role, right))).toEqual(wanted);
});

it('names who may, and leaves out that an administrator may everything', () => {
  expect(roles).toHaveLength(4);
  expect(holdersOf('trader')).toBe('trader');
  expect(holdersOf('brake')).toBe('trader or risk');
  expect(holdersOf('risk')).toBe('risk or administrator');
});
