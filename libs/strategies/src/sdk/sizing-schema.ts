import type { JsonObject } from '@scalpstorm/model';

// How large an entry is: one description for every strategy, of which forms, documents and checks are made. Each way is told from the
// others by the names that it needs, as with prices; `read-sizing.ts` reads the same names.

/** The newest finished cycles that Kelly's fraction is reckoned from; below 30 there is no evidence. */
export const kellyCycles = { min: 30, max: 200, absent: 100, unit: 'cycles' } as const;
/** Percent of the equity while there is too little evidence. */
export const kellyStart = '1';
/** Of an average true range, above zero. */
export const atrMultipleMax = 100;

const money = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';
const percentage = '^[0-9]{1,2}(\\.[0-9]{1,4})?$';

const percent = (title: string, description: string, example: string): JsonObject => ({
  title,
  description,
  type: 'string',
  pattern: percentage,
  examples: [example],
});

const caps: JsonObject = {
  notionalMax: {
    title: 'Value at most',
    description: 'Of one entry, in the quote currency.',
    type: ['string', 'null'],
    pattern: money,
    default: null,
    examples: ['500'],
  },
  equityPercentMax: {
    ...percent('Equity at most, %', 'Value of one entry as a share of the equity.', '20'),
    type: ['string', 'null'],
    default: null,
  },
};

const way = (title: string, needed: JsonObject, besides: JsonObject = caps): JsonObject => ({
  title,
  type: 'object',
  properties: { ...needed, ...besides },
  required: Object.keys(needed),
  additionalProperties: false,
});

const { min, max, absent } = kellyCycles;

export const sizingSchema: JsonObject = {
  title: 'Size of an entry',
  description:
    'The quantity itself, or reckoned anew at each entry; the quantity is then the most. All but the fixed one go by what the account holds.',
  default: { fixed: 'quantity' },
  oneOf: [
    way('Fixed quantity', { fixed: { title: 'Fixed', const: 'quantity' } }, {}),
    way('Value', {
      notional: {
        title: 'Value',
        description: 'In the quote currency.',
        type: 'string',
        pattern: money,
        examples: ['100'],
      },
    }),
    way('Share of equity', { equityPercent: percent('Share of the equity, %', 'Value of the entry.', '10') }),
    way('Risk to the stop', {
      riskPercent: percent('Risk, %', 'Of the equity: what a stop-loss takes with the fees of both orders.', '1'),
    }),
    way('Volatility (ATR)', {
      atrPercent: percent('Move, %', 'Of the equity: what a move of so many average true ranges changes.', '1'),
      atrMultiple: {
        title: 'Ranges',
        description: 'So many average true ranges.',
        type: 'string',
        pattern: '^[0-9]{1,3}(\\.[0-9]{1,4})?$',
        examples: ['2'],
      },
    }),
    way(
      'Kelly',
      {
        kellyPercent: percent('Part of Kelly, %', 'Half Kelly is 50.', '50'),
        equityPercentMax: percent('Equity at most, %', 'Value of one entry as a share of the equity.', '20'),
      },
      {
        startPercent: {
          ...percent(
            'Until there is evidence, %',
            'Share of the equity while too few cycles are finished.',
            kellyStart,
          ),
          default: kellyStart,
        },
        kellyCycles: {
          title: 'Cycles looked at',
          description: 'The newest finished ones of this bot.',
          type: 'integer',
          minimum: min,
          maximum: max,
          default: absent,
        },
        notionalMax: caps['notionalMax'] ?? null,
      },
    ),
  ],
};
