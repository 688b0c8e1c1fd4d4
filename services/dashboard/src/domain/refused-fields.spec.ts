import { describe, expect, it } from '@jest/globals';
import { missingFields, sortRefusals } from './refused-fields.js';

const problem = (...pointers: readonly string[]) => ({
  status: 422,
  code: 'VALIDATION_FAILED',
  title: 'Some values are not accepted',
  detail: 'no',
  errors: pointers.map((pointer) => ({
    pointer,
    code: 'STEP',
    detail: 'is off the step',
    allowed: '0.1',
    next: 'Use 0.2.',
  })),
  members: {},
});

describe('refusals', () => {
  it('stand at their field, with what is allowed and the next step', () => {
    const { byField, others } = sortRefusals(problem('/parameters/quantity'), ['/name', '/parameters/quantity']);
    expect(byField).toEqual({ '/parameters/quantity': 'Is off the step. Allowed: 0.1. Use 0.2.' });
    expect(others).toEqual([]);
  });

  it('say once what is allowed', () => {
    const refused = problem('/password');
    const errors = [
      { pointer: '/password', code: 'X', detail: 'must be at least 12 long.', allowed: 'at least 12', next: '' },
    ];
    expect(sortRefusals({ ...refused, errors }, ['/password']).byField).toEqual({
      '/password': 'Must be at least 12 long.',
    });
  });

  it('name what was left empty before anybody is asked', () => {
    expect(missingFields({ email: 'a@b', password: 'x' })).toBeNull();
    const missing = missingFields({ email: '', password: '' });
    expect(missing && sortRefusals(missing, ['/email', '/password']).byField).toEqual({
      '/email': 'This is missing. Type it in.',
      '/password': 'This is missing. Type it in.',
    });
  });

  it('of something inside a field, or around it, stand at the nearest field that is on the screen', () => {
    const shown = ['/parameters/buyPrice', '/parameters/buyPrice/offset'];
    expect(Object.keys(sortRefusals(problem('/parameters/buyPrice/unit'), shown).byField)).toEqual([
      '/parameters/buyPrice',
    ]);
    expect(Object.keys(sortRefusals(problem('/parameters'), shown).byField)).toEqual(['/parameters/buyPrice']);
  });

  it('that no field is to blame for are told above the form, with their code', () => {
    expect(sortRefusals(problem(''), ['/name']).others).toEqual([
      { code: 'STEP', text: expect.stringContaining('step') },
    ]);
    expect(sortRefusals(problem(), ['/name']).others).toEqual([{ code: 'VALIDATION_FAILED', text: 'no' }]);
  });
});
