import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import fc from 'fast-check';
import { UnreadableMessage } from '../contract.js';
import { instrument } from '../testing/market-arbitraries.js';
import { instrumentFromJson, instrumentToJson } from './instrument.js';

const kept = (json: JsonObject): JsonObject => JSON.parse(JSON.stringify(json)) as JsonObject;
const without = (json: JsonObject, isLeftOut: (name: string) => boolean): JsonObject =>
  Object.fromEntries(Object.entries(json).filter(([name]) => !isLeftOut(name)));

describe('an instrument kept as JSON', () => {
  it('comes back as it was, also with fields of a newer version', () => {
    fc.assert(
      fc.property(instrument, (listed) => {
        expect(instrumentFromJson({ ...kept(instrumentToJson(listed)), tomorrow: 'more' })).toEqual(listed);
      }),
    );
  });

  it('from before orders at the market had rules of their own has the same for all', () => {
    fc.assert(
      fc.property(instrument, (listed) => {
        const older = without(instrumentToJson(listed), (name) => name.startsWith('market'));
        const { quantityMax: marketQuantityMax, stepSize: marketStepSize, quantityMin: marketQuantityMin } = listed;
        const same = { marketQuantityMax, marketStepSize, marketQuantityMin, marketNotionalMax: null };
        expect(instrumentFromJson(older)).toEqual({ ...listed, ...same });
      }),
    );
  });

  const [listed] = fc.sample(instrument, { numRuns: 1, seed: 1 });
  const good = listed === undefined ? {} : instrumentToJson(listed);
  it.each<[string, JsonObject]>([
    ['without a fee rate', without(good, (name) => name === 'makerFeeRate')],
    ['with a status that is none', { ...good, status: 'dancing' }],
    ['with a step that is no number', { ...good, stepSize: 'much' }],
    ['with a number in place of a text', { ...good, tickSize: 0.01 }],
    ['that is empty', {}],
  ])('%s is not read', (_, json) => {
    expect(() => instrumentFromJson(json)).toThrow(UnreadableMessage);
  });
});
