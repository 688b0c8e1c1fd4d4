import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '@scalpstorm/model';
import { scalpingCycle, strategies } from '@scalpstorm/strategies';
import { typedValue, valueText } from './parameter-value.js';

const { properties } = scalpingCycle.schema as { readonly properties: Record<string, JsonObject> };
const typed = (name: string, text: string) => typedValue(text, properties[name] ?? {});

describe('a value as it is typed in a chat', () => {
  it.each([
    ['fixed:quantity', { fixed: 'quantity' }],
    ['riskPercent:1', { riskPercent: '1' }],
    [
      'kellyPercent:50,equityPercentMax:20,kellyCycles:60',
      { kellyPercent: '50', equityPercentMax: '20', kellyCycles: 60 },
    ],
  ])('is a way to size an entry: %s', (text, value) => {
    expect(typed('sizing', text)).toEqual({ value });
    expect(valueText(value)).toBe(text);
  });

  it.each(['1', 'risk:1', 'riskPercent', 'kellyCycles:many', 'constructor:1'])('is none: %s', (text) => {
    expect(typed('sizing', text)).toEqual({ allowed: expect.stringContaining('riskPercent:1') });
  });

  it('is a number where the strategy wants one', () => {
    const schema = strategies.get('bollinger')?.schema ?? {};
    const { deviations = {} } = schema['properties'] as Record<string, JsonObject>;
    expect([typedValue('2.5', deviations), typedValue('two', deviations)]).toEqual([
      { value: 2.5 },
      { allowed: 'a number, e.g. 2.5' },
    ]);
  });

  it('is a price as before', () => {
    expect(typed('buyPrice', '61800.1')).toEqual({ value: { fixed: '61800.1' } });
    expect(typed('buyPrice', '-10bps:mid')).toEqual({ value: { offset: '-10', unit: 'bps', from: 'mid' } });
    expect([valueText({ fixed: '61800.1' }), valueText({ offset: '-10', unit: 'bps', from: 'mid' })]).toEqual([
      '61800.1',
      '-10bps:mid',
    ]);
  });
});
