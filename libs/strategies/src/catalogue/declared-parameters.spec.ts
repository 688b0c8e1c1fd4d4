import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import type { Result } from '@scalpstorm/kernel';
import type { Instrument, Json, JsonObject } from '@scalpstorm/model';
import { checkParameters as checkDca } from '../dca/check-parameters.js';
import { dcaSchema } from '../dca/schema.js';
import { checkParameters as checkGrid } from '../grid/check-parameters.js';
import { gridSchema } from '../grid/schema.js';
import { checkParameters as checkMarketMaking } from '../market-making/check-parameters.js';
import { marketMakingSchema } from '../market-making/schema.js';
import { checkParameters as checkModelSignal } from '../model-signal/check-parameters.js';
import { modelSignalSchema } from '../model-signal/schema.js';
import { checkParameters as checkScalping } from '../scalping-cycle/check-parameters.js';
import { scalpingSchema } from '../scalping-cycle/schema.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';

// Of a strategy over bars the check is made of the declaration. Those that place orders have a schema, of which forms are made, and a
// check of their own: what the one promises the other must take, and nothing beyond it.

interface Placing {
  readonly id: string;
  readonly schema: JsonObject;
  readonly check: (parameters: JsonObject, instrument: Instrument) => Result<unknown, readonly ParameterFault[]>;
  /** What has no default. */
  readonly needed: JsonObject;
}

const placing: readonly Placing[] = [
  {
    ...{ id: 'scalping-cycle', schema: scalpingSchema, check: checkScalping },
    needed: { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } },
  },
  { id: 'grid', schema: gridSchema, check: checkGrid, needed: { lower: '100', upper: '1000', quantity: '1' } },
  { id: 'dca', schema: dcaSchema, check: checkDca, needed: { quantity: '1' } },
  { id: 'market-making', schema: marketMakingSchema, check: checkMarketMaking, needed: { quantity: '1' } },
  { id: 'model-signal', schema: modelSignalSchema, check: checkModelSignal, needed: { quantity: '1' } },
];

const instrument = exampleInstrument();
/** A spread that is allowed by itself, and less than the fees and the margin. */
const relations: ReadonlySet<string> = new Set(['SPREAD_BELOW_FEES']);

/** Digits before and after the point, as a schema's pattern counts them. */
const digits = /^\^\[0-9\]\{1,(\d+)\}\(\\\.\[0-9\]\{1,(\d+)\}\)\?\$$/;

describe.each(placing)('the parameters of $id', ({ schema, check, needed }) => {
  const properties = Object.entries(schema['properties'] as Record<string, JsonObject>);
  const withDefault = properties.filter(([, property]) => 'default' in property);
  const typesOf = ({ type }: JsonObject): readonly Json[] => [type ?? null].flat() as readonly Json[];
  const decided = (given: JsonObject) => {
    const checked = check({ ...needed, ...given }, instrument);
    return checked.ok ? [] : checked.error;
  };
  /** The faults at one name, or inside of it; not those of its relation to another one. */
  const faultsAt = (name: string, value: Json): readonly string[] =>
    decided({ [name]: value }).flatMap(({ code, field }) =>
      field.split('/')[1] === name && !relations.has(code) ? [code] : [],
    );

  it('are taken without those that have a default, and each with its default said', () => {
    expect(properties.map(([name]) => name).filter((name) => !(name in needed))).toEqual(
      withDefault.map(([name]) => name),
    );
    expect(schema['required']).toEqual(expect.arrayContaining(Object.keys(needed)));
    expect(decided({})).toEqual([]);
    // What ends inside of a function is not seen (the plan of dca, the signal of model-signal); its defaults are those of the schema's file.
    const absent = JSON.stringify(check(needed, instrument), bigintsAsText);
    for (const [name, property] of withDefault) {
      const said = check({ ...needed, [name]: property['default'] as Json }, instrument);
      expect([name, JSON.stringify(said, bigintsAsText)]).toEqual([name, absent]);
    }
  });

  it('are all read: what is of no type that the schema knows is refused at its name', () => {
    expect(schema['additionalProperties']).toBe(false);
    for (const [name] of properties) expect([name, faultsAt(name, [])]).not.toEqual([name, []]);
    expect(faultsAt('no-such-name', 1)).toEqual(['UNKNOWN_FIELD']);
  });

  it('are taken at their bounds, and refused just beyond', () => {
    const counted = properties.filter(
      ([, property]) => typesOf(property).includes('integer') && !('const' in property),
    );
    expect(counted.length).toBeGreaterThan(0);
    for (const [name, { minimum, maximum, ...property }] of counted) {
      const [least, most] = [Number(minimum), Number(maximum)];
      expect([name, faultsAt(name, least), faultsAt(name, most)]).toEqual([name, [], []]);
      for (const beyond of [least - 1, most + 1, least + 0.5, `${least}`]) {
        expect([name, beyond, faultsAt(name, beyond).length]).toEqual([name, beyond, 1]);
      }
      if (typesOf(property).includes('null')) expect([name, faultsAt(name, null)]).toEqual([name, []]);
    }
  });

  it('take every choice, and no other', () => {
    for (const [name, property] of properties) {
      const choices = property['type'] === 'boolean' ? [true, false] : ((property['enum'] ?? []) as readonly Json[]);
      for (const choice of choices) expect([name, choice, faultsAt(name, choice)]).toEqual([name, choice, []]);
      if (choices.length > 0) expect([name, faultsAt(name, 'neither')]).toEqual([name, ['NOT_ALLOWED']]);
    }
  });

  it('take as many digits as the pattern says, and not one more', () => {
    for (const [name, property] of properties) {
      const [, whole, behind] = digits.exec(String(property['pattern'] ?? '')) ?? [];
      if (whole === undefined || behind === undefined) continue;
      const tooFine = `1.${'0'.repeat(Number(behind))}1`;
      expect([name, tooFine, faultsAt(name, tooFine).length]).toEqual([name, tooFine, 1]);
      // Amounts and prices end where the instrument says.
      if (Number(whole) > 4) continue;
      const [most, least] = [
        `${'9'.repeat(Number(whole))}.${'9'.repeat(Number(behind))}`,
        `0.${'0'.repeat(Number(behind) - 1)}1`,
      ];
      expect([name, faultsAt(name, most), faultsAt(name, least)]).toEqual([name, [], []]);
      const beyond = `1${'0'.repeat(Number(whole))}`;
      expect([name, beyond, faultsAt(name, beyond).length]).toEqual([name, beyond, 1]);
    }
  });
});

const bigintsAsText = (_name: string, value: unknown): unknown => (typeof value === 'bigint' ? `${value}` : value);
