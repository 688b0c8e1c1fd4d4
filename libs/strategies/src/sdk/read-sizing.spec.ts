import { describe, expect, it } from '@jest/globals';
import { exampleInstrument } from '@scalpstorm/engine/testing';
import type { Json, JsonObject } from '@scalpstorm/model';
import { modelSignal } from '../model-signal/model-signal.js';
import { parameters as signalParameters } from '../model-signal/scene.js';
import { scalpingCycle } from '../scalping-cycle/scalping-cycle.js';
import { readSizing } from './read-sizing.js';
import { ParameterReader } from './reader.js';

function read(sizing: Json) {
  const reader = new ParameterReader({ sizing });
  const rule = readSizing(reader, exampleInstrument());
  return { rule, faults: reader.faults.map(({ code, field }) => `${code} ${field}`) };
}

const fixed: JsonObject = { quantity: '1', buyPrice: { fixed: '100' }, sellPrice: { fixed: '110' } };
const check = (parameters: JsonObject) => scalpingCycle.configure({ ...fixed, ...parameters }, exampleInstrument());

describe('the parameter sizing', () => {
  it.each<readonly [Json, unknown]>([
    [null, { kind: 'fixed' }],
    [{ fixed: 'quantity' }, { kind: 'fixed' }],
    [{ notional: '250.5' }, { kind: 'notional', notional: 250_500_000_000_000_000_000n }],
    [{ equityPercent: '10' }, { kind: 'equity', percent: 100_000n }],
    [{ riskPercent: '0.5' }, { kind: 'risk', percent: 5_000n }],
    [
      { atrPercent: '1', atrMultiple: '2.5' },
      { kind: 'atr', percent: 10_000n, multiple: 25_000n },
    ],
    [
      { kellyPercent: '50', equityPercentMax: '20' },
      { kind: 'kelly', percent: 500_000n, start: 10_000n },
    ],
  ])('%j is read', (sizing, expected) => {
    const { rule, faults } = read(sizing);
    expect(faults).toEqual([]);
    expect(rule.sizing).toEqual(expected);
  });

  it('has caps, and the evidence that Kelly looks at', () => {
    const kelly = {
      kellyPercent: '50',
      equityPercentMax: '20',
      notionalMax: '500',
      kellyCycles: 60,
      startPercent: '2',
    };
    expect(read(kelly).rule).toEqual({
      sizing: { kind: 'kelly', percent: 500_000n, start: 20_000n },
      caps: { notional: 500n * 10n ** 18n, equityPercent: 200_000n },
      evidence: 60,
      evidenceOf: '[]',
    });
    expect(read({ riskPercent: '1' }).rule).toMatchObject({
      caps: { notional: null, equityPercent: null },
      evidence: 0,
    });
  });

  it('takes as evidence what cycles came to with the same prices and stops, in whatever order they are written', () => {
    const sizing = { kellyPercent: '50', equityPercentMax: '20' };
    const of = (parameters: JsonObject) =>
      readSizing(new ParameterReader({ ...parameters, sizing }), exampleInstrument()).evidenceOf;
    const known = of({ buyPrice: { fixed: '100' }, stopLossPercent: '1' });
    expect(of({ stopLossPercent: '1', coolDownSeconds: 9, quantity: '2', buyPrice: { fixed: '100' } })).toBe(known);
    expect(of({ buyPrice: { fixed: '100' }, stopLossPercent: '2' })).not.toBe(known);
  });

  it.each<readonly [Json, readonly string[]]>([
    ['1', ['NOT_A_SIZING /sizing']],
    [{}, ['NOT_A_SIZING /sizing']],
    [{ riskPercent: '1', notional: '100' }, ['NOT_A_SIZING /sizing']],
    [{ fixed: 'value' }, ['NOT_ALLOWED /sizing/fixed']],
    [{ riskPercent: '1', stop: '2' }, ['UNKNOWN_FIELD /sizing/stop']],
    [{ riskPercent: 1 }, ['NOT_A_PERCENTAGE /sizing/riskPercent']],
    [{ equityPercent: '100' }, ['NOT_A_PERCENTAGE /sizing/equityPercent']],
    [{ equityPercent: null }, ['MISSING /sizing/equityPercent']],
    [{ notional: '4' }, ['NOTIONAL_BELOW_MINIMUM /sizing/notional']],
    [{ riskPercent: '1', notionalMax: '4' }, ['NOTIONAL_BELOW_MINIMUM /sizing/notionalMax']],
    [{ atrPercent: '1' }, ['MISSING /sizing/atrMultiple']],
    [{ atrPercent: '1', atrMultiple: '0' }, ['NOT_ALLOWED /sizing/atrMultiple']],
    [{ atrPercent: '1', atrMultiple: '101' }, ['NOT_ALLOWED /sizing/atrMultiple']],
    [{ kellyPercent: '50' }, ['MISSING /sizing/equityPercentMax']],
    [{ kellyPercent: '50', equityPercentMax: '20', kellyCycles: 29 }, ['NOT_ALLOWED /sizing/kellyCycles']],
  ])('%j is refused: %s', (sizing, faults) => {
    expect(read(sizing).faults).toEqual(faults);
  });

  it('names what is allowed and what to do', () => {
    const reader = new ParameterReader({ sizing: 'risk' });
    readSizing(reader, exampleInstrument());
    expect(reader.faults[0]).toMatchObject({
      text: '"risk" is no way to size an entry.',
      allowed: expect.stringContaining('{"riskPercent":"1"}'),
      next: expect.stringContaining('Use {"fixed":"quantity"}'),
    });
  });

  it('by the risk needs a stop-loss', () => {
    expect(check({ sizing: { riskPercent: '1' } })).toMatchObject({
      ok: false,
      error: [{ code: 'SIZING_NEEDS_STOP', field: '/stopLossPercent' }],
    });
    expect(check({ sizing: { riskPercent: '1' }, stopLossPercent: '2' })).toMatchObject({ ok: true });
    const unstopped = { ...signalParameters, stopLossPercent: null, sizing: { riskPercent: '1' } };
    expect(modelSignal.configure(unstopped, exampleInstrument())).toMatchObject({
      ok: false,
      error: [{ code: 'SIZING_NEEDS_STOP' }],
    });
  });

  it('asks for what it goes by, and the fixed one for nothing', () => {
    const measures = (sizing: JsonObject) => {
      const checked = check({ sizing });
      return checked.ok ? checked.value.measures : null;
    };
    expect(measures({ fixed: 'quantity' })).toEqual({ vwapWindow: null, atr: null });
    expect(measures({ notional: '100' })).toEqual({ vwapWindow: null, atr: null, funds: true });
    expect(measures({ atrPercent: '1', atrMultiple: '2' })).toMatchObject({ atr: { period: 14 }, funds: true });
    const signal = modelSignal.configure({ ...signalParameters, sizing: { riskPercent: '1' } }, exampleInstrument());
    expect(signal.ok && signal.value.measures).toEqual({
      vwapWindow: null,
      atr: null,
      model: 'direction',
      funds: true,
    });
  });
});

describe('the description of sizing', () => {
  it('tells its ways from one another by the names that they need, as forms do', () => {
    const { properties } = scalpingCycle.schema as { properties: { sizing: { oneOf: { required: string[] }[] } } };
    const needed = properties.sizing.oneOf.map(({ required }) => required);
    expect(needed).toHaveLength(6);
    for (const [place, names] of needed.entries()) {
      const fits = needed.findIndex((required) => required.every((name) => names.includes(name)));
      expect(fits).toBe(place);
    }
    expect(modelSignal.schema).toMatchObject({ properties: { sizing: properties.sizing } });
  });
});
