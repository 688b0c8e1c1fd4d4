import type { JsonObject } from '@scalpstorm/model';
import { sizingSchema } from '../sdk/sizing-schema.js';
import { spacings } from './levels.js';

// Forms, documents and checks are made of this one description; `check-parameters.ts` reads the same names.

const decimal = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';

export const startAboveChoices = ['wait', 'buy'] as const;

export const bounds = {
  levels: { min: 2, max: 51, absent: 10, unit: 'prices' },
  openOrdersMax: { min: 1, max: 50, absent: 20, unit: 'orders' },
} as const;

const price = (title: string, description: string): JsonObject => ({
  title,
  description,
  type: 'string',
  pattern: decimal,
  examples: ['60000'],
});

const orNone = (title: string, description: string): JsonObject => ({
  ...price(title, description),
  type: ['string', 'null'],
  default: null,
});

const count = (name: keyof typeof bounds, title: string, description: string): JsonObject => {
  const { min, max, absent } = bounds[name];
  return { title, description, type: 'integer', minimum: min, maximum: max, default: absent };
};

/** JSON Schema 2020-12 of the parameters. */
export const gridSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Grid',
  type: 'object',
  properties: {
    lower: price('Lower price', 'The lowest level: the last one that is bought at.'),
    upper: price('Upper price', 'The highest level: the last one that is sold at.'),
    levels: count(
      'levels',
      'Levels',
      'Prices from the lower to the upper one, both among them; there is one rung less.',
    ),
    spacing: {
      title: 'Spacing',
      description: 'Geometric: each level the same percentage above the last. Arithmetic: the same amount.',
      enum: spacings,
      default: 'geometric',
    },
    quantity: {
      title: 'Quantity of a level',
      description: 'In the base asset; the most of a level where it is reckoned from a value.',
      type: 'string',
      pattern: decimal,
      examples: ['0.001'],
    },
    sizing: sizingSchema,
    startAbove: {
      title: 'Levels above the price',
      description: 'Wait until the price comes down to them from above, or buy at once what they sell higher up.',
      enum: startAboveChoices,
      default: 'wait',
    },
    stopPrice: orNone(
      'Stop price',
      'When the bid is this low, all is closed at the market and the bot stops. Below the grid.',
    ),
    takeProfitPrice: orNone(
      'Take-profit price',
      'When the bid is this high, all is closed at the market and the bot is finished. Above the grid.',
    ),
    openOrdersMax: count(
      'openOrdersMax',
      'Open orders at most',
      'Levels nearest below the price go first. The platform has a limit of its own.',
    ),
  },
  required: ['lower', 'upper', 'quantity'],
  additionalProperties: false,
};

/** Every name that there is. */
export const parameterNames: readonly string[] = Object.keys(gridSchema['properties'] as JsonObject);
