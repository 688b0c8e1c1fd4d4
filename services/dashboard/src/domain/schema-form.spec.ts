import { describe, expect, it } from '@jest/globals';
import { parameterLines } from './parameter-lines.js';
import { draftOf, faultsOf, patchOf, valuesOf } from './schema-draft.js';
import { fieldsOf } from './schema-fields.js';

const price = {
  title: 'Buy price',
  oneOf: [
    {
      title: 'Fixed price',
      type: 'object',
      properties: { fixed: { type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$', examples: ['61800.10'] } },
      required: ['fixed'],
    },
    {
      title: 'Offset',
      type: 'object',
      properties: { offset: { type: 'string' }, unit: { enum: ['ticks', 'bps'] } },
      required: ['offset', 'unit'],
    },
  ],
};
const schema = {
  type: 'object',
  properties: {
    quantity: { title: 'Quantity', type: 'string', pattern: '^[0-9]+(\\.[0-9]+)?$', examples: ['0.001'] },
    buyPrice: price,
    loop: { title: 'Infinite loop', type: 'boolean', default: true },
    coolDownSeconds: { title: 'Cool-down, s', type: 'integer', minimum: 0, maximum: 86_400, default: 0 },
    maxCycles: { title: 'Cycles at most', type: ['integer', 'null'], minimum: 1, default: null },
    leverage: { const: 1, default: 1 },
  },
  required: ['quantity', 'buyPrice'],
};
const fields = fieldsOf(schema);

describe('a form made of a schema', () => {
  it('has labels, units and limits of the schema', () => {
    expect(fields.find(({ name }) => name === 'coolDownSeconds')).toMatchObject({
      kind: 'whole',
      label: 'Cool-down',
      unit: 's',
      min: 0,
      max: 86_400,
      pointer: '/parameters/coolDownSeconds',
    });
    expect(fieldsOf(null)).toEqual([]);
  });

  it('sends a number as a number, and says what is none', () => {
    const width = { title: 'Width', type: 'number', minimum: 0.1, maximum: 10, default: 2.5 };
    const numbers = fieldsOf({ type: 'object', properties: { width } });
    const at = (text: string) => ({ '/parameters/width': text });
    expect(draftOf(numbers, null)).toEqual(at('2.5'));
    expect([valuesOf(numbers, at('1.25')), valuesOf(numbers, at('x'))]).toEqual([{ width: 1.25 }, {}]);
    const faults = ['1.25', '0.01', 'x', ''].map((text) => faultsOf(numbers, at(text))['/parameters/width']);
    expect(faults).toEqual([undefined, 'A number from 0.1 to 10.', 'A number from 0.1 to 10.', undefined]);
  });

  it('takes an object as JSON, and shows one that is stored as somebody would write it', () => {
    const documents = fieldsOf({
      type: 'object',
      properties: { rule: { title: 'Rule', type: ['object', 'string'], examples: ['{}'] } },
      required: ['rule'],
    });
    const rule = { format: 1, when: { crosses: 'above' } };
    const draft = draftOf(documents, { rule });
    expect(draft['/parameters/rule']).toContain('\n  "format": 1,');
    expect(valuesOf(documents, draft)).toEqual({ rule });
    const faults = ['{"format":1}', '{"format":1', '[1]', ''].map(
      (text) => faultsOf(documents, { '/parameters/rule': text })['/parameters/rule'],
    );
    expect(faults).toEqual([undefined, 'This is no JSON object.', 'This is no JSON object.', 'This is needed.']);
    expect(parameterLines({ properties: { rule: { title: 'Rule', type: 'object' } } }, { rule })).toEqual([
      { label: 'Rule', text: '{"format":1,"when":{"crosses":"above"}}' },
    ]);
  });

  it('begins with the defaults, and means them', () => {
    const draft = { ...draftOf(fields, null), '/parameters/quantity': '0.002', '/parameters/buyPrice/fixed': '60000' };
    expect(valuesOf(fields, draft)).toEqual({
      quantity: '0.002',
      buyPrice: { fixed: '60000' },
      loop: true,
      coolDownSeconds: 0,
      leverage: 1,
    });
  });

  it('reads back what is stored, with the variant that it is', () => {
    const stored = {
      quantity: '0.1',
      buyPrice: { offset: '-3', unit: 'bps' },
      loop: false,
      coolDownSeconds: 5,
      leverage: 1,
    };
    const draft = draftOf(fields, stored);
    expect(draft['/parameters/buyPrice']).toBe('Offset');
    expect(valuesOf(fields, draft)).toEqual(stored);
  });

  it('says what is wrong at the field, only of the variant that is chosen', () => {
    const draft = { ...draftOf(fields, null), '/parameters/quantity': '1,5', '/parameters/coolDownSeconds': '90000' };
    expect(faultsOf(fields, draft)).toEqual({
      '/parameters/quantity': 'A decimal number with a point, as in 0.001.',
      '/parameters/buyPrice/fixed': 'This is needed.',
      '/parameters/coolDownSeconds': 'A whole number from 0 to 86,400.',
    });
    const offset = { ...draft, '/parameters/buyPrice': 'Offset' };
    expect(Object.keys(faultsOf(fields, offset))).toContain('/parameters/buyPrice/offset');
  });

  it('takes no default and no order of names for a change', () => {
    const stored = { loop: true, buyPrice: { unit: 'bps', offset: '-3' }, quantity: '0.1' };
    const draft = draftOf(fields, stored);
    const before = valuesOf(fields, draft);
    expect(patchOf(before, valuesOf(fields, draft))).toEqual({});
    const moved = { ...draft, '/parameters/buyPrice/offset': '-4' };
    expect(patchOf(before, valuesOf(fields, moved))).toEqual({ buyPrice: { offset: '-4', unit: 'bps' } });
  });

  it('sends only what changed, and null for what was taken away', () => {
    expect(patchOf({ a: 1, b: { c: 2 }, d: 3 }, { a: 1, b: { c: 4 } })).toEqual({ b: { c: 4 }, d: null });
    expect(patchOf({ a: 1 }, { a: 1 })).toEqual({});
  });
});
