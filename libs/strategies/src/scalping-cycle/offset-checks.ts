import { formatDecimal, type Instrument, Price } from '@scalpstorm/model';
import type { ParameterReader } from '../sdk/reader.js';
import { offsetDecimals, type PriceSource, type ScalpingParameters } from './parameters.js';

// What an offset can never be, and what two prices can never earn, whatever the market does.

export type Offset = Extract<PriceSource, { kind: 'offset' }>;
type Name = 'buyPrice' | 'sellPrice';

const scale = 10n ** BigInt(offsetDecimals);
/** A price that has lost all of itself is none. */
const bpsAbove = -10_000n;
/** A hundredfold of what it counts from. */
const bpsMax = 1_000_000n;
const atrMax = 1_000n;

/** Refuses offsets that make no price that the venue takes: at any price, or at the last one where that is known. */
export function checkOffsets(
  reader: ParameterReader,
  parameters: ScalpingParameters,
  instrument: Instrument,
  lastPrice: Price | null,
): void {
  for (const name of ['buyPrice', 'sellPrice'] as const) {
    const source = parameters[name];
    if (source.kind !== 'offset') continue;
    const fault = neverAPrice(source, instrument) ?? noPriceNow(parameters, name, instrument, lastPrice);
    if (fault) reader.fault('OFFSET_OUT_OF_RANGE', `${name}/offset`, fault.text, fault.allowed);
  }
  if (reader.faults.length === 0) refuseLosses(reader, parameters);
}

interface Refused {
  readonly text: string;
  readonly allowed: string;
}

function neverAPrice({ offset, unit }: Offset, { tickSize, priceMin, priceMax }: Instrument): Refused | null {
  const shown = formatDecimal(offset, offsetDecimals);
  switch (unit) {
    case 'bps':
      if (offset > bpsAbove * scale && offset <= bpsMax * scale) return null;
      return {
        text: `${shown} bps from anything is no price: ${bpsAbove} bps are all of it.`,
        allowed: `bps above ${bpsAbove} and at most ${bpsMax}`,
      };
    case 'ticks': {
      const most = (priceMax - priceMin) / tickSize;
      if (offset >= -most * scale && offset <= most * scale) return null;
      const range = `${Price.format(priceMin)} to ${Price.format(priceMax)}`;
      return {
        text: `${shown} ticks of ${Price.format(tickSize)} are more than all prices that the venue takes, ${range}.`,
        allowed: `ticks from -${most} to ${most}`,
      };
    }
    case 'atr':
      if (offset >= -atrMax * scale && offset <= atrMax * scale) return null;
      return {
        text: `${shown} average true ranges are out of reach.`,
        allowed: `multiples from -${atrMax} to ${atrMax}`,
      };
  }
}

function noPriceNow(
  parameters: ScalpingParameters,
  name: Name,
  instrument: Instrument,
  lastPrice: Price | null,
): Refused | null {
  if (lastPrice === null) return null;
  const { priceMin, priceMax } = instrument;
  const price = estimated(parameters, name, instrument, lastPrice);
  if (isWithin(price, instrument)) return null;
  const source = parameters[name];
  const other = estimated(parameters, name === 'buyPrice' ? 'sellPrice' : 'buyPrice', instrument, lastPrice);
  // An entry that is none says nothing about an exit that counts from it.
  if (source.kind === 'offset' && source.from === 'entry' && !isWithin(other, instrument)) return null;
  const range = `from ${Price.format(priceMin)} to ${Price.format(priceMax)}`;
  return {
    text: `At the last price ${Price.format(lastPrice)} this is a price of ${Price.format(price)}; the venue takes prices ${range}.`,
    allowed: `an offset that makes a price ${range}`,
  };
}

const isWithin = (price: Price, { priceMin, priceMax }: Instrument): boolean => price >= priceMin && price <= priceMax;

/** What a leg would be priced at if the market stood at the last price; an average true range is not known here, and left out. */
export function estimated(
  parameters: ScalpingParameters,
  name: Name,
  { tickSize }: Pick<Instrument, 'tickSize'>,
  lastPrice: Price,
): Price {
  const source = parameters[name];
  if (source.kind === 'fixed') return source.price;
  const other = name === 'buyPrice' ? 'sellPrice' : 'buyPrice';
  const entry = parameters[other];
  // Only the leg that closes counts from the entry, so this ends.
  const counted = source.from === 'entry' && !(entry.kind === 'offset' && entry.from === 'entry');
  const from = counted ? estimated(parameters, other, { tickSize }, lastPrice) : lastPrice;
  return Price.fromUnits(from + distance(source, from, tickSize));
}

function distance({ offset, unit }: Offset, from: Price, tickSize: Price): bigint {
  if (unit === 'ticks') return (offset * tickSize) / scale;
  return unit === 'bps' ? (offset * from) / (10_000n * scale) : 0n;
}

/**
 * Selling below the buy by rule is a loss in every cycle. Where an exit trails, its price only says when that begins, so nothing
 * is known of it.
 */
function refuseLosses(reader: ParameterReader, parameters: ScalpingParameters): void {
  const { buyPrice, sellPrice, firstSide, trailing } = parameters;
  if (trailing !== null || !sellsBelowBuy(parameters)) return;
  const name = firstSide === 'buy' ? 'sellPrice' : 'buyPrice';
  const [closing, opening] = firstSide === 'buy' ? [sellPrice, buyPrice] : [buyPrice, sellPrice];
  if (closing.kind !== 'offset') return;
  const bound =
    closing.from === 'entry' || opening.kind !== 'offset' || opening.unit !== closing.unit ? 0n : opening.offset;
  const side = firstSide === 'buy' ? 'more' : 'less';
  const text =
    closing.from === 'entry'
      ? `${firstSide === 'buy' ? 'Selling' : 'Buying back'} at ${wordsOf(closing)} loses in every cycle, before any fee.`
      : `Buying at ${wordsOf(buyPrice)} and selling at ${wordsOf(sellPrice)} loses in every cycle, before any fee.`;
  reader.fault(
    'SELL_BELOW_BUY',
    `${name}/offset`,
    text,
    `${side} than ${formatDecimal(bound, offsetDecimals)} ${closing.unit}`,
  );
}

function sellsBelowBuy({ buyPrice, sellPrice, firstSide }: ScalpingParameters): boolean {
  const closing = firstSide === 'buy' ? sellPrice : buyPrice;
  if (closing.kind === 'offset' && closing.from === 'entry') {
    return firstSide === 'buy' ? closing.offset < 0n : closing.offset > 0n;
  }
  if (buyPrice.kind !== 'offset' || sellPrice.kind !== 'offset' || !countAlike(buyPrice, sellPrice)) return false;
  if (buyPrice.unit === sellPrice.unit) return sellPrice.offset < buyPrice.offset;
  // In different units only the directions can be compared.
  return buyPrice.offset >= 0n && sellPrice.offset <= 0n && buyPrice.offset !== sellPrice.offset;
}

/** The last trade and the mid are both the market as it is now. */
export const countAlike = (left: Offset, right: Offset): boolean =>
  left.from === right.from || (isNow(left) && isNow(right));

export const isNow = ({ from }: Offset): boolean => from === 'last' || from === 'mid';

function wordsOf(source: PriceSource): string {
  if (source.kind === 'fixed') return Price.format(source.price);
  const sign = source.offset < 0n ? '−' : '+';
  const size = source.offset < 0n ? -source.offset : source.offset;
  return `${source.from} ${sign} ${formatDecimal(size, offsetDecimals)} ${source.unit}`;
}
