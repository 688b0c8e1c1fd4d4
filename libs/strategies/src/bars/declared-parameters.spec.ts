import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { type DeclaredParameters, readParameters, schemaOf, valueOfText } from './declared-parameters.js';

const declared = {
  fast: { kind: 'integer', title: 'Fast', description: 'Bars.', default: 10, min: 1, max: 500 },
  factor: { kind: 'number', title: 'Factor', description: 'Times the range.', default: 2.5, min: 0, max: 10 },
  source: {
    kind: 'choice',
    title: 'Source',
    description: 'Of a bar.',
    default: 'close',
    options: ['close', 'typical'],
  },
  loop: { kind: 'flag', title: 'Loop', description: 'Again.', default: true },
} as const satisfies DeclaredParameters;

describe('declared parameters', () => {
  it('have their defaults where nothing is given', () => {
    expect(readParameters(declared, { fast: 3 })).toEqual({
      ok: true,
      value: { fast: 3, factor: 2.5, source: 'close', loop: true },
    });
  });

  it('are refused all at once, each with what is allowed', () => {
    const read = readParameters(declared, { fast: 0, factor: '2', source: 'open', loop: 1, fats: 3 });
    expect(read.ok ? [] : read.error.map(({ field, code, next }) => `${field} ${code} ${next}`)).toEqual([
      '/fats UNKNOWN_FIELD Did you mean fast?',
      '/fast NOT_ALLOWED Use a whole number from 1 to 500.',
      '/factor NOT_ALLOWED Use a number from 0 to 10.',
      '/source NOT_ALLOWED Use one of close, typical.',
      '/loop NOT_ALLOWED Use true or false.',
    ]);
  });

  it.each<JsonObject>([
    { fast: 1.5 },
    { fast: 501 },
    { fast: null },
    { factor: Number.NaN },
    { factor: Number.POSITIVE_INFINITY },
  ])('are not %j', (given) => {
    expect(readParameters(declared, given).ok).toBe(false);
  });

  it('make a schema', () => {
    expect(schemaOf('Example', declared)).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: {
        fast: { type: 'integer', minimum: 1, maximum: 500, default: 10 },
        factor: { type: 'number', minimum: 0, maximum: 10, default: 2.5 },
        source: { type: 'string', enum: ['close', 'typical'], default: 'close' },
        loop: { type: 'boolean', default: true },
      },
    });
  });

  it('are what was typed for them, and what is none stays as it was typed', () => {
    expect([valueOfText(declared.fast, '12'), valueOfText(declared.factor, '0.5')]).toEqual([12, 0.5]);
    expect([valueOfText(declared.loop, 'false'), valueOfText(declared.source, 'close')]).toEqual([false, 'close']);
    expect([valueOfText(declared.fast, 'ten'), valueOfText(declared.fast, ''), valueOfText(undefined, '7')]).toEqual([
      'ten',
      '',
      '7',
    ]);
  });
});
