import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import type { DeclaredParameter, DeclaredParameters } from '@scalpstorm/strategies';
import { combinationText, indicesAt, parametersAt, placeOf, readSpace } from './space.js';

const declared = {
  fast: { kind: 'integer', title: 'Fast', description: 'Bars.', default: 10, min: 1, max: 500 },
  factor: { kind: 'number', title: 'Factor', description: 'Times.', default: 2.5, min: -1, max: 10 },
  source: {
    kind: 'choice',
    title: 'Source',
    description: 'Of a bar.',
    default: 'close',
    options: ['close', 'typical'],
  },
  loop: { kind: 'flag', title: 'Loop', description: 'Again.', default: true },
} as const satisfies DeclaredParameters;

const axes = (...texts: readonly string[]) => {
  const read = readSpace(declared, texts);
  return read.ok ? read.value.axes.map(({ name, values }) => [name, ...values]) : read.error;
};

describe('a space', () => {
  it.each([
    ['fast=5..20:5', ['fast', 5, 10, 15, 20]],
    ['fast=5..8', ['fast', 5, 6, 7, 8]],
    ['fast=5..9:3', ['fast', 5, 8]],
    ['fast=7,3,7', ['fast', 7, 3]],
    ['factor=0.1..0.4:0.1', ['factor', 0.1, 0.2, 0.3, 0.4]],
    ['factor=-1..1:1', ['factor', -1, 0, 1]],
    ['source', ['source', 'close', 'typical']],
    ['source=typical', ['source', 'typical']],
    ['loop', ['loop', false, true]],
    ['loop=true', ['loop', true]],
  ])('is read: %s', (text, values) => {
    expect(axes(text)).toEqual([values]);
  });

  it('is all that is declared where nothing was said, but for what is fixed', () => {
    const read = readSpace(declared, [], { source: 'close' });
    expect(read.ok && read.value.axes.map(({ name, values, isOrdered }) => [name, values.length, isOrdered])).toEqual([
      ['fast', 500, true],
      // 11 ÷ 100 is no step that anybody writes; 0.2 is.
      ['factor', 56, true],
      ['loop', 2, false],
    ]);
    expect(read.ok && read.value.size).toBe(500 * 56 * 2);
  });

  it.each<DeclaredParameter>([
    { kind: 'integer', title: 'Seed', description: 'Any.', default: 0, min: 0, max: 2 ** 31 - 1 },
    { kind: 'number', title: 'Any', description: 'Any.', default: 0, min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
  ])('is refused where all that is declared is too much, and not looked at where it is fixed: %j', (wide) => {
    const both = { ...declared, wide };
    const tooLarge = { ok: false, error: { code: 'SPACE_TOO_LARGE', text: 'wide: more than 100000 values.' } };
    expect(readSpace(both, ['wide'])).toMatchObject(tooLarge);
    expect(readSpace({ wide }, [])).toMatchObject(tooLarge);
    expect(readSpace(both, ['fast=5..6'], { wide: 7 })).toMatchObject({ ok: true, value: { size: 2 } });
  });

  it('has the same combination under the same text, fixed, searched over or left to its default', () => {
    const textOf = (wanted: readonly string[], fixed: JsonObject) => {
      const read = readSpace(declared, wanted, fixed);
      return read.ok ? combinationText(declared, parametersAt(read.value, indicesAt(read.value, 0))) : read.error;
    };
    const text = textOf(['fast=5', 'loop=true'], {});
    expect(textOf(['loop=true'], { fast: 5 })).toBe(text);
    expect(textOf(['fast=5', 'factor=2.5'], { loop: true, source: 'close' })).toBe(text);
    expect(textOf(['fast=6', 'loop=true'], {})).not.toBe(text);
    expect(textOf(['fast=5', 'loop=false'], {})).not.toBe(text);
  });

  it('counts its places with the last axis the fastest, there and back', () => {
    const read = readSpace(declared, ['fast=5..7', 'loop', 'source'], { factor: 3 });
    if (!read.ok) throw new Error(read.error.text);
    const space = read.value;
    expect(parametersAt(space, indicesAt(space, 0))).toEqual({ factor: 3, fast: 5, loop: false, source: 'close' });
    expect(parametersAt(space, indicesAt(space, 7))).toEqual({ factor: 3, fast: 6, loop: true, source: 'typical' });
    for (let place = 0; place < space.size; place += 1) expect(placeOf(space, indicesAt(space, place))).toBe(place);
  });

  it.each([
    [['fats=1..5'], 'UNKNOWN_PARAMETER Did you mean fast?'],
    [['fast=0..5'], 'SPACE_NOT_ALLOWED Stay within 1..500'],
    [['fast=1..501'], 'SPACE_NOT_ALLOWED Stay within 1..500'],
    [['fast=9..5'], 'SPACE_NOT_ALLOWED Stay within 1..500'],
    [['fast=1..9:0.5'], 'SPACE_NOT_ALLOWED'],
    [['fast=1..9:0'], 'SPACE_NOT_ALLOWED'],
    [['fast=1.5'], 'SPACE_NOT_ALLOWED'],
    [['fast='], 'SPACE_NOT_ALLOWED'],
    [['source=close..typical'], 'SPACE_NOT_ALLOWED Stay within close, typical'],
    [['source=open'], 'SPACE_NOT_ALLOWED Stay within close, typical'],
    [['factor=0..1:0.0000001'], 'SPACE_TOO_LARGE'],
    [['fast=1..5', 'fast=6..9'], 'PARAMETER_TWICE'],
    [['loop=maybe'], 'SPACE_NOT_ALLOWED Stay within true, false'],
  ])('is refused: %j', (texts, fault) => {
    const read = readSpace(declared, texts);
    expect(read.ok ? '' : `${read.error.code} ${read.error.next}`).toContain(fault);
  });

  it.each([
    [{ fats: 3 }, 'UNKNOWN_PARAMETER Did you mean fast?'],
    [{ fast: 501 }, 'SPACE_NOT_ALLOWED Stay within 1..500'],
  ])('is not made where what is fixed can not be: %j', (fixed, fault) => {
    const read = readSpace(declared, ['loop'], fixed);
    expect(read.ok ? '' : `${read.error.code} ${read.error.next}`).toContain(fault);
  });

  it('is not searched where it is fixed', () => {
    const read = readSpace(declared, ['fast=1..5'], { fast: 3 });
    expect(read.ok ? '' : read.error.code).toBe('PARAMETER_TWICE');
  });
});
