import { describe, expect, it } from '@jest/globals';
import { conflictLines, isOther } from './edit-conflict.js';

const schema = {
  properties: {
    quantity: { type: 'string', title: 'Quantity' },
    buyPrice: { type: 'object', title: 'Buy price' },
    cooldown: { type: 'integer', title: 'Cool-down, s' },
  },
};
const read = { name: 'a', parameters: { quantity: '0.002', buyPrice: { fixed: '40000' } } };

describe('a bot that somebody else changed while it is edited', () => {
  it('is told by what they changed, with what is typed here beside it', () => {
    const now = { name: 'b', parameters: { quantity: '0.003', buyPrice: { fixed: '40000' }, cooldown: 5 } };
    const wanted = { name: 'a', parameters: { quantity: '0.004', buyPrice: { fixed: '41000' } } };
    expect(conflictLines(schema, read, now, wanted)).toEqual([
      { label: 'Name', before: 'a', now: 'b', mine: null },
      { label: 'Quantity', before: '0.002', now: '0.003', mine: '0.004' },
      { label: 'Cool-down', before: 'none', now: '5 s', mine: null },
    ]);
  });

  it('says nothing of what both changed alike', () => {
    const now = { ...read, parameters: { ...read.parameters, quantity: '0.003' } };
    expect(conflictLines(schema, read, now, now)).toEqual([
      { label: 'Quantity', before: '0.002', now: '0.003', mine: null },
    ]);
  });

  it('is another by its name or its parameters, in whatever order they come', () => {
    const turned = { name: 'a', parameters: { buyPrice: { fixed: '40000' }, quantity: '0.002' } };
    expect(isOther(read, turned)).toBe(false);
    expect(isOther(read, { ...read, name: 'b' })).toBe(true);
    expect(isOther(read, { ...read, parameters: { quantity: '0.002' } })).toBe(true);
  });
});
