import { assert } from '@scalpstorm/kernel';
import { type JsonObject, timeframes } from '@scalpstorm/model';
import type { BarStrategy } from '../bars/bar-strategy.js';
import { countMax } from '../sdk/reader.js';
import { sizingSchema } from '../sdk/sizing-schema.js';

// Forms, documents and checks are made of this one description; `check-parameters.ts` reads the same names.

/** What is taken where nothing is said. */
export const defaults = { timeframe: '1m', slippageBps: '5' } as const;

const percent = (title: string, description: string): JsonObject => ({
  title,
  description,
  type: ['string', 'null'],
  pattern: '^[0-9]{1,2}(\\.[0-9]{1,4})?$',
  default: null,
  examples: ['1.5'],
});

/** Whether every bot over bars has a parameter of this name; a rule cannot call one of its own so. */
export const isOfEveryBot = (name: string): boolean => Object.hasOwn(first, name) || Object.hasOwn(last, name);

const first: JsonObject = {
  quantity: {
    title: 'Quantity',
    description: 'In the base asset: of each entry, or the most of one where the size is reckoned.',
    type: 'string',
    pattern: '^[0-9]{1,18}(\\.[0-9]{1,12})?$',
    examples: ['0.001'],
  },
  sizing: sizingSchema,
  timeframe: {
    title: 'Timeframe',
    description: 'Of the bars at whose close it decides.',
    enum: timeframes,
    default: defaults.timeframe,
  },
};

const last: JsonObject = {
  slippageBps: {
    title: 'Slippage, bps',
    description: 'It pays at most so much more than the middle of the market.',
    type: 'string',
    pattern: '^[0-9]{1,4}(\\.[0-9]{1,6})?$',
    default: defaults.slippageBps,
  },
  stopLossPercent: percent(
    'Stop-loss, %',
    'Besides the rule: closes at the market when the price is this much worse than the entry.',
  ),
  takeProfitPercent: percent(
    'Take-profit, %',
    'Besides the rule: sells when the market pays so much more than the entry cost.',
  ),
  trailingPercent: percent(
    'Trailing stop, %',
    'Besides the rule: closes when the price falls so far back from its best since the entry was in profit.',
  ),
  loop: {
    title: 'Infinite loop',
    description: 'Off: one cycle, then the bot stops.',
    type: 'boolean',
    default: true,
  },
  maxCycles: { title: 'Cycles at most', type: ['integer', 'null'], minimum: 1, maximum: countMax, default: null },
};

/** JSON Schema 2020-12 of a bot that runs this strategy: the rule's own parameters among those that every such bot has. */
export function barBotSchema({ id, title, schema, parameters }: BarStrategy): JsonObject {
  const taken = Object.keys(parameters).filter(isOfEveryBot);
  assert(taken.length === 0, `${id} declares ${taken.join(', ')}, which every bot over bars has`);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title,
    type: 'object',
    properties: { ...first, ...(schema['properties'] as JsonObject), ...last },
    required: ['quantity'],
    additionalProperties: false,
  };
}
