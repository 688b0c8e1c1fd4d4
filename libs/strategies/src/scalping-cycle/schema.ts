import type { JsonObject } from '@scalpstorm/model';
import { countMax } from '../sdk/reader.js';
import { sizingSchema } from '../sdk/sizing-schema.js';

// Forms, documents and checks are made of this one description; `parameters.ts` reads the same names.

const decimal = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';
const percentage = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';

export const offsetUnits = ['ticks', 'bps', 'atr'] as const;
export const offsetStarts = ['last', 'mid', 'vwap', 'entry'] as const;
export const entryTimesInForce = ['GTC', 'PO', 'IOC', 'FOK'] as const;
export const afterStopLossChoices = ['continue', 'stop'] as const;

/** Bounds and defaults of what is counted; seconds where the name says so. */
export const bounds = {
  vwapSeconds: { min: 12, max: 86_400, absent: 300, unit: 'seconds' },
  atrPeriod: { min: 2, max: 200, absent: 14, unit: 'candles' },
  atrSeconds: { min: 1, max: 86_400, absent: 60, unit: 'seconds' },
  coolDownSeconds: { min: 0, max: 86_400, absent: 0, unit: 'seconds' },
  entryTimeoutSeconds: { min: 5, max: 86_400, absent: null, unit: 'seconds' },
} as const;

const priceSchema = (title: string): JsonObject => ({
  title,
  description:
    'Fixed, or an offset from the last price, the mid price, the volume-weighted price or (for the leg that closes) the entry’s average.',
  oneOf: [
    {
      title: 'Fixed price',
      type: 'object',
      properties: { fixed: { type: 'string', pattern: decimal, examples: ['61800.10'] } },
      required: ['fixed'],
      additionalProperties: false,
    },
    {
      title: 'Offset',
      type: 'object',
      properties: {
        offset: { type: 'string', pattern: '^-?[0-9]{1,9}(\\.[0-9]{1,6})?$', examples: ['-3'] },
        unit: { enum: offsetUnits },
        from: { enum: offsetStarts },
      },
      required: ['offset', 'unit', 'from'],
      additionalProperties: false,
    },
  ],
});

const percentSchema = (title: string, description: string): JsonObject => ({
  title,
  description,
  type: ['string', 'null'],
  pattern: percentage,
  default: null,
  examples: ['1.5'],
});

function countSchema(name: keyof typeof bounds, title: string, description: string): JsonObject {
  const { min, max, absent } = bounds[name];
  const type = absent === null ? ['integer', 'null'] : 'integer';
  return { title, description, type, minimum: min, maximum: max, default: absent };
}

const exits: JsonObject = {
  trailingPercent: percentSchema(
    'Trailing, %',
    'No exit rests. Once the price has reached the exit price, the exit follows the best price and is made when it falls back by this much.',
  ),
  stopLossPercent: percentSchema(
    'Stop-loss, %',
    'Closes at the market when the price is this much worse than the entry.',
  ),
  takeProfitPercent: percentSchema('Take-profit, %', 'The exit rests no further than this from the entry.'),
  afterStopLoss: {
    title: 'After a stop-loss',
    description: 'Go on with the next cycle, or end.',
    enum: afterStopLossChoices,
    default: 'continue',
  },
};

const pace: JsonObject = {
  loop: {
    title: 'Infinite loop',
    description: 'Off: one cycle, then the bot stops.',
    type: 'boolean',
    default: true,
  },
  maxCycles: { title: 'Cycles at most', type: ['integer', 'null'], minimum: 1, maximum: countMax, default: null },
  coolDownSeconds: countSchema('coolDownSeconds', 'Cool-down, s', 'Rest between two cycles.'),
  entryTimeoutSeconds: countSchema(
    'entryTimeoutSeconds',
    'Entry time-out, s',
    'After this long the rest of an entry is canceled: what was filled is closed, else a new entry is priced. Empty: it waits.',
  ),
};

/** JSON Schema 2020-12 of the parameters. */
export const scalpingSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Scalping cycle',
  type: 'object',
  properties: {
    firstSide: { title: 'First side', enum: ['buy', 'sell'], default: 'buy' },
    quantity: {
      title: 'Quantity',
      description: 'In the base asset: of each entry, or the most of one where the size is reckoned.',
      type: 'string',
      pattern: decimal,
      examples: ['0.001'],
    },
    sizing: sizingSchema,
    buyPrice: priceSchema('Buy price'),
    sellPrice: priceSchema('Sell price'),
    ...exits,
    ...pace,
    timeInForce: {
      title: 'Time in force',
      description:
        'GTC rests at the venue. PO (post-only) rests and never takes. IOC and FOK are sent when the market is at the price or better.',
      enum: entryTimesInForce,
      default: 'GTC',
    },
    leverage: { title: 'Leverage', description: 'Must be 1 on spot.', type: 'integer', const: 1, default: 1 },
    vwapSeconds: countSchema('vwapSeconds', 'VWAP window, s', 'How far back the volume-weighted price looks.'),
    atrPeriod: countSchema('atrPeriod', 'ATR period', 'How many candles the average true range is taken over.'),
    atrSeconds: countSchema('atrSeconds', 'ATR candle, s', 'How long each of them is.'),
  },
  required: ['quantity', 'buyPrice', 'sellPrice'],
  additionalProperties: false,
};

/** Every name that there is. */
export const parameterNames: readonly string[] = Object.keys(scalpingSchema['properties'] as JsonObject);
