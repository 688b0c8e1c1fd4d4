import type { JsonObject } from '@scalpstorm/model';
import { countMax } from '../sdk/reader.js';

// Forms, documents and checks are made of this one description; `check-parameters.ts` reads the same names.

const decimal = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';
const percentage = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';
const scale = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';

export const bounds = {
  safetyOrders: { min: 0, max: 12, absent: 5, unit: 'orders' },
  coolDownSeconds: { min: 0, max: 86_400, absent: 0, unit: 'seconds' },
} as const;

/** What is taken where nothing is said. */
export const defaults = { deviationPercent: '1', stepScale: '1', volumeScale: '1', takeProfitPercent: '1.5' } as const;

const text = (title: string, description: string, pattern: string, rest: JsonObject): JsonObject => ({
  title,
  description,
  type: 'string',
  pattern,
  ...rest,
});

const orNone = (title: string, description: string, pattern: string): JsonObject =>
  text(title, description, pattern, { type: ['string', 'null'], default: null });

const count = (name: keyof typeof bounds, title: string, description: string): JsonObject => {
  const { min, max, absent } = bounds[name];
  return { title, description, type: 'integer', minimum: min, maximum: max, default: absent };
};

const preset = (name: keyof typeof defaults, title: string, description: string, pattern: string): JsonObject =>
  text(title, description, pattern, { default: defaults[name] });

/** JSON Schema 2020-12 of the parameters. */
export const dcaSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'DCA',
  type: 'object',
  properties: {
    quantity: text('Base order', 'In the base asset: what is bought first.', decimal, { examples: ['0.001'] }),
    startPrice: orNone('Start price', 'The base order waits for it. Empty: it is bought at once.', decimal),
    safetyOrders: count('safetyOrders', 'Safety orders', 'At most so many purchases on top of the base order.'),
    safetyQuantity: orNone('First safety order', 'In the base asset. Empty: as much as the base order.', decimal),
    deviationPercent: preset(
      'deviationPercent',
      'Price deviation, %',
      'The first safety order is bought this much below the price of the base order.',
      percentage,
    ),
    stepScale: preset('stepScale', 'Step scale', 'Each further step down is so many times the last one.', scale),
    volumeScale: preset(
      'volumeScale',
      'Volume scale',
      'Each further safety order is so many times the last one.',
      scale,
    ),
    takeProfitPercent: preset(
      'takeProfitPercent',
      'Take-profit, %',
      'All is sold this much above the average price of what was bought.',
      percentage,
    ),
    stopLossPercent: orNone(
      'Stop-loss, %',
      'Closes at the market when the price is this much below the average.',
      percentage,
    ),
    coolDownSeconds: count('coolDownSeconds', 'Cool-down, s', 'Rest between two cycles.'),
    loop: {
      title: 'Infinite loop',
      description: 'Off: one cycle, then the bot stops.',
      type: 'boolean',
      default: true,
    },
    maxCycles: { title: 'Cycles at most', type: ['integer', 'null'], minimum: 1, maximum: countMax, default: null },
  },
  required: ['quantity'],
  additionalProperties: false,
};

/** Every name that there is. */
export const parameterNames: readonly string[] = Object.keys(dcaSchema['properties'] as JsonObject);
