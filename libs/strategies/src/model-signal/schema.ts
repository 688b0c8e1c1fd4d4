import type { JsonObject } from '@scalpstorm/model';
import { countMax } from '../sdk/reader.js';
import { sizingSchema } from '../sdk/sizing-schema.js';

// Forms, documents and checks are made of this one description; `check-parameters.ts` reads the same names.

export const bounds = {
  holdSeconds: { min: 1, max: 86_400, absent: 8, unit: 'seconds' },
  coolDownSeconds: { min: 0, max: 86_400, absent: 1, unit: 'seconds' },
} as const;
/** What is taken where nothing is said: the barriers that the model in the repository was trained with. */
export const defaults = {
  model: 'direction',
  marginBps: '0.5',
  slippageBps: '1',
  takeProfitPercent: '0.08',
  stopLossPercent: '0.08',
} as const;
/** As the inference service names models. */
export const modelPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

const bps = '^[0-9]{1,4}(\\.[0-9]{1,6})?$';
const percentage = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';

const percent = (name: 'takeProfitPercent' | 'stopLossPercent', title: string, description: string): JsonObject => ({
  title,
  description,
  type: 'string',
  pattern: percentage,
  default: defaults[name],
});

const seconds = (name: keyof typeof bounds, title: string, description: string): JsonObject => {
  const { min, max, absent } = bounds[name];
  return { title, description, type: 'integer', minimum: min, maximum: max, default: absent };
};

/** JSON Schema 2020-12 of the parameters. */
export const modelSignalSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Model signal',
  type: 'object',
  properties: {
    quantity: {
      title: 'Quantity',
      description: 'In the base asset: of each entry, or the most of one where the size is reckoned.',
      type: 'string',
      pattern: '^[0-9]{1,18}(\\.[0-9]{1,12})?$',
      examples: ['0.001'],
    },
    sizing: sizingSchema,
    model: {
      title: 'Model',
      description: 'Whose predictions it trades on, as the inference service lists it.',
      type: 'string',
      pattern: modelPattern.source,
      default: defaults.model,
    },
    marginBps: {
      title: 'Margin, bps',
      description:
        'It enters when probability × win − (1 − probability) × loss − fees of both orders is more than this.',
      type: 'string',
      pattern: bps,
      default: defaults.marginBps,
    },
    slippageBps: {
      title: 'Slippage, bps',
      description: 'It pays at most so much more than the middle of the market.',
      type: 'string',
      pattern: bps,
      default: defaults.slippageBps,
    },
    takeProfitPercent: percent(
      'takeProfitPercent',
      'Take-profit, %',
      'Sells when the market pays so much more than the entry cost.',
    ),
    stopLossPercent: percent(
      'stopLossPercent',
      'Stop-loss, %',
      'Closes at the market when the price is this much worse than the entry.',
    ),
    holdSeconds: seconds('holdSeconds', 'Hold at most, s', 'Closes at the market when the entry is this old.'),
    exitOnOpposite: {
      title: 'Exit on the opposite signal',
      description: 'Closes at the market when the model expects more of a sale than of a purchase.',
      type: 'boolean',
      default: true,
    },
    coolDownSeconds: seconds('coolDownSeconds', 'Cool-down, s', 'Rest between two cycles.'),
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
export const parameterNames: readonly string[] = Object.keys(modelSignalSchema['properties'] as JsonObject);
