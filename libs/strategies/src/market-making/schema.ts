import type { JsonObject } from '@scalpstorm/model';

// Forms, documents and checks are made of this one description; `check-parameters.ts` reads the same names.

const decimal = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';
const factor = '^[0-9]{1,4}(\\.[0-9]{1,6})?$';
const percentage = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';

export const bounds = {
  lots: { min: 1, max: 8, absent: 3, unit: 'lots' },
  horizonSeconds: { min: 1, max: 3_600, absent: 60, unit: 'seconds' },
  refreshSeconds: { min: 1, max: 600, absent: 5, unit: 'seconds' },
  atrPeriod: { min: 2, max: 200, absent: 20, unit: 'candles' },
  atrSeconds: { min: 1, max: 3_600, absent: 10, unit: 'seconds' },
} as const;

/** What is taken where nothing is said. */
export const defaults = {
  gamma: '0.05',
  kappa: '0.2',
  marginBps: '0.5',
  spreadMaxBps: '200',
  toleranceBps: '1',
} as const;

const number = (name: keyof typeof defaults, title: string, description: string): JsonObject => ({
  title,
  description,
  type: 'string',
  pattern: factor,
  default: defaults[name],
});

const count = (name: keyof typeof bounds, title: string, description: string): JsonObject => {
  const { min, max, absent } = bounds[name];
  return { title, description, type: 'integer', minimum: min, maximum: max, default: absent };
};

/** JSON Schema 2020-12 of the parameters. */
export const marketMakingSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Market making',
  type: 'object',
  properties: {
    quantity: {
      title: 'Lot',
      description: 'In the base asset: of each order.',
      type: 'string',
      pattern: decimal,
      examples: ['0.001'],
    },
    lots: count('lots', 'Lots at most', 'The bound of what it holds; nothing is bid when so many are held.'),
    gamma: number('gamma', 'Risk aversion γ', 'Per lot and basis point. Higher: inventory moves the prices more.'),
    kappa: number('kappa', 'Depth κ', 'Per basis point: how fast fills get rarer with the distance from the middle.'),
    horizonSeconds: count('horizonSeconds', 'Horizon τ, s', 'Over which the volatility counts; it never ends.'),
    marginBps: number('marginBps', 'Margin, bps', 'Bid and ask are never nearer than both maker fees and this.'),
    spreadMaxBps: number('spreadMaxBps', 'Spread at most, bps', 'Whatever the formula says.'),
    refreshSeconds: count('refreshSeconds', 'Refresh, s', 'No order is replaced before it is this old.'),
    toleranceBps: number('toleranceBps', 'Tolerance, bps', 'Nor while its price is this near to what it should be.'),
    stopLossPercent: {
      title: 'Stop-loss, %',
      description: 'A lot is closed at the market when the price is this much below what it cost.',
      type: ['string', 'null'],
      pattern: percentage,
      default: null,
    },
    atrPeriod: count('atrPeriod', 'ATR period', 'How many candles the volatility is taken over.'),
    atrSeconds: count('atrSeconds', 'ATR candle, s', 'How long each of them is.'),
  },
  required: ['quantity'],
  additionalProperties: false,
};

/** Every name that there is. */
export const parameterNames: readonly string[] = Object.keys(marketMakingSchema['properties'] as JsonObject);
