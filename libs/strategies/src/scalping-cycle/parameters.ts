import { fail, ok, type Result } from '@scalpstorm/kernel';
import {
  checkFilters,
  formatDecimal,
  type Instrument,
  type JsonObject,
  Price,
  parseDecimal,
  Quantity,
  type Side,
  sides,
} from '@scalpstorm/model';
import { isObject, ParameterReader } from '../sdk/reader.js';
import type { Checked, ParameterFault } from '../sdk/strategy.js';

/** Signed; in 10^-6 ticks or basis points. */
export const offsetDecimals = 6;

export type PriceSource =
  | { readonly kind: 'fixed'; readonly price: Price }
  | {
      readonly kind: 'offset';
      readonly offset: bigint;
      readonly unit: 'ticks' | 'bps';
      /** `entry`: the average fill price of the other leg. */
      readonly from: 'last' | 'mid' | 'entry';
    };

export interface ScalpingParameters {
  readonly firstSide: Side;
  readonly quantity: Quantity;
  readonly buyPrice: PriceSource;
  readonly sellPrice: PriceSource;
  readonly loop: boolean;
  /** Cycles of one run; null: no end. */
  readonly maxCycles: number | null;
}

const decimal = '^[0-9]{1,18}(\\.[0-9]{1,12})?$';
const priceSchema = (title: string): JsonObject => ({
  title,
  description:
    'Fixed, or an offset from the last price, the mid price or (for the leg that closes) the entry’s average.',
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
        unit: { enum: ['ticks', 'bps'] },
        from: { enum: ['last', 'mid', 'entry'] },
      },
      required: ['offset', 'unit', 'from'],
      additionalProperties: false,
    },
  ],
});

/** JSON Schema 2020-12 of the parameters. */
export const scalpingSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Scalping cycle',
  type: 'object',
  properties: {
    firstSide: { title: 'First side', enum: ['buy', 'sell'], default: 'buy' },
    quantity: {
      title: 'Quantity',
      description: 'In the base asset.',
      type: 'string',
      pattern: decimal,
      examples: ['0.001'],
    },
    buyPrice: priceSchema('Buy price'),
    sellPrice: priceSchema('Sell price'),
    loop: {
      title: 'Infinite loop',
      description: 'Off: one cycle, then the bot stops.',
      type: 'boolean',
      default: true,
    },
    maxCycles: { title: 'Cycles at most', type: ['integer', 'null'], minimum: 1, default: null },
    leverage: { title: 'Leverage', description: 'Must be 1 on spot.', type: 'integer', const: 1, default: 1 },
    timeInForce: { title: 'Time in force', enum: ['GTC'], default: 'GTC' },
  },
  required: ['quantity', 'buyPrice', 'sellPrice'],
  additionalProperties: false,
};

const fields = ['firstSide', 'quantity', 'buyPrice', 'sellPrice', 'loop', 'maxCycles', 'leverage', 'timeInForce'];

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  parameters: JsonObject,
  instrument: Instrument,
): Result<Checked<ScalpingParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader(parameters).onlyFields(fields);
  const firstSide = reader.oneOf('firstSide', sides, 'buy');
  const loop = reader.oneOf('loop', [true, false], true);
  reader.oneOf('timeInForce', ['GTC'], 'GTC');
  const maxCycles = reader.count('maxCycles');
  checkLeverage(reader);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const buyPrice = priceSource(reader, 'buyPrice', firstSide === 'sell');
  const sellPrice = priceSource(reader, 'sellPrice', firstSide === 'buy');
  if (quantity === null || buyPrice === null || sellPrice === null) return fail(reader.faults);
  const bound: ScalpingParameters = { firstSide, quantity, buyPrice, sellPrice, loop, maxCycles };
  checkAgainstInstrument(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: bound, warnings: warningsOf(bound, instrument) });
}

function checkLeverage(reader: ParameterReader): void {
  const leverage = reader.count('leverage');
  if (leverage === null || leverage === 1) return;
  reader.fault('LEVERAGE_NOT_ON_SPOT', 'leverage', `${leverage} times is not possible on a spot market.`, '1');
}

function priceSource(reader: ParameterReader, name: string, closes: boolean): PriceSource | null {
  const value = reader.get(name);
  if (!isObject(value)) {
    const allowed = '{"fixed":"61800.10"} or {"offset":"-3","unit":"ticks","from":"last"}';
    reader.fault(value === undefined ? 'MISSING' : 'NOT_A_PRICE', name, `${name} is no price.`, allowed);
    return null;
  }
  const inner = new ParameterReader(value, `/${name}`);
  const before = reader.faults.length;
  const source = 'fixed' in value ? fixedPrice(inner) : offsetPrice(inner, closes);
  reader.faults.push(...inner.faults);
  return reader.faults.length === before ? source : null;
}

function fixedPrice(inner: ParameterReader): PriceSource | null {
  const price = inner.onlyFields(['fixed']).decimal('fixed', Price.parse);
  return price === null ? null : { kind: 'fixed', price };
}

function offsetPrice(inner: ParameterReader, closes: boolean): PriceSource | null {
  inner.onlyFields(['offset', 'unit', 'from', 'fixed']);
  const offset = inner.decimal('offset', (text) => parseDecimal(text, offsetDecimals));
  const unit = inner.oneOf('unit', ['ticks', 'bps'], 'ticks');
  const from = inner.oneOf('from', ['last', 'mid', 'entry'], 'last');
  if (from === 'entry' && !closes) {
    inner.fault('ENTRY_NOT_YET_KNOWN', 'from', 'The first leg has no entry to count from.', 'last, mid');
  }
  return offset === null ? null : { kind: 'offset', offset, unit, from };
}

function checkAgainstInstrument(reader: ParameterReader, parameters: ScalpingParameters, instrument: Instrument): void {
  const { buyPrice, sellPrice, quantity, firstSide } = parameters;
  for (const [name, source] of [['buyPrice', buyPrice] as const, ['sellPrice', sellPrice] as const]) {
    const opens = (name === 'buyPrice') === (firstSide === 'buy');
    const amount = opens || firstSide === 'sell' ? quantity : afterBaseFee(quantity, instrument);
    checkOrder(reader, source.kind === 'fixed' ? { name, price: source.price } : null, amount, instrument);
  }
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed' && sellPrice.price <= buyPrice.price) {
    const least = Price.format(Price.plus(buyPrice.price, instrument.tickSize));
    const text = `Selling at ${Price.format(sellPrice.price)} is not above buying at ${Price.format(buyPrice.price)}.`;
    reader.fault('SELL_BELOW_BUY', 'sellPrice/fixed', text, `at least ${least}`);
  }
}

/** What a buy leaves to sell: the venue may take its fee out of what was bought. */
function afterBaseFee(quantity: Quantity, instrument: Instrument): Quantity {
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  const left = quantity - (quantity * (rate.ok ? rate.value : 0n)) / 10n ** 12n;
  return Quantity.floorTo(Quantity.fromUnits(left), instrument.stepSize);
}

/** A filter that an order of this form would break. A price that is not known yet is not judged. */
function checkOrder(
  reader: ParameterReader,
  fixed: { readonly name: string; readonly price: Price } | null,
  quantity: Quantity,
  instrument: Instrument,
): void {
  const open = { ...instrument, status: 'trading' } as const;
  const highest = Price.floorTo(instrument.priceMax, instrument.tickSize);
  const checked = checkFilters(open, fixed?.price ?? highest, quantity);
  if (checked.ok) return;
  const { code, field, value, limit, suggestion } = checked.error;
  const name = field === 'price' ? `${fixed?.name ?? 'buyPrice'}/fixed` : 'quantity';
  if (reader.faults.some((known) => known.field === `/${name}`)) return;
  const text = `The venue does not take ${field} ${value} (${limit})${field === 'quantity' ? ', after fees' : ''}.`;
  reader.fault(code, name, text, code.endsWith('BELOW_MINIMUM') ? beforeBaseFee(suggestion, instrument) : suggestion);
}

/** The quantity to configure so that this much is left after a fee in base. */
function beforeBaseFee(suggestion: string, instrument: Instrument): string {
  const wanted = Quantity.parse(suggestion);
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  if (!wanted.ok || !rate.ok || rate.value >= 10n ** 12n) return suggestion;
  const { stepSize } = instrument;
  const kept = 10n ** 12n - rate.value;
  const gross = (wanted.value * 10n ** 12n + kept - 1n) / kept;
  return Quantity.format(Quantity.fromUnits(((gross + stepSize - 1n) / stepSize) * stepSize));
}

function warningsOf(parameters: ScalpingParameters, instrument: Instrument): readonly ParameterFault[] {
  const margin = marginBps(parameters);
  const rate = parseDecimal(instrument.makerFeeRate, 12);
  const feesBps = rate.ok ? (rate.value * 2n) / 10n ** 2n : 0n;
  if (margin === null || margin > feesBps) return [];
  const needed = formatDecimal(feesBps, offsetDecimals);
  return [
    {
      code: 'LOSES_AFTER_FEES',
      field: '/sellPrice',
      text: `Between buy and sell lie ${formatDecimal(margin, offsetDecimals)} bps; the fees of both orders take ${needed}.`,
      allowed: `more than ${needed} bps`,
      next: 'Raise the sell price or lower the buy price, unless a loss is meant.',
    },
  ];
}

/** Sell over buy in 10^-6 basis points, where that can be told beforehand. */
function marginBps({ buyPrice, sellPrice, firstSide }: ScalpingParameters): bigint | null {
  const scale = 10n ** BigInt(offsetDecimals);
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed') {
    return ((sellPrice.price - buyPrice.price) * 10_000n * scale) / buyPrice.price;
  }
  const closing = firstSide === 'buy' ? sellPrice : buyPrice;
  if (closing.kind === 'offset' && closing.from === 'entry') {
    const gain = firstSide === 'buy' ? closing.offset : -closing.offset;
    // Ticks become basis points only at a price; a loss is a loss at any.
    return closing.unit === 'bps' || gain <= 0n ? gain : null;
  }
  if (buyPrice.kind !== 'offset' || sellPrice.kind !== 'offset' || buyPrice.unit !== sellPrice.unit) return null;
  const gain = sellPrice.offset - buyPrice.offset;
  return buyPrice.unit === 'bps' || gain <= 0n ? gain : null;
}
