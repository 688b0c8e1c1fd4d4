import { checkFilters, type FilterViolation, type Instrument, Price, parseDecimal, Quantity } from '@scalpstorm/model';
import type { ParameterReader } from '../sdk/reader.js';
import { estimated } from './offset-checks.js';
import type { ScalpingParameters } from './parameters.js';

/**
 * What the venue's filters would refuse.
 * @param lastPrice a price that counts from the market is judged by it; null: such a price is not judged
 */
export function checkAgainstInstrument(
  reader: ParameterReader,
  parameters: ScalpingParameters,
  instrument: Instrument,
  lastPrice: Price | null = null,
): void {
  const { buyPrice, sellPrice, quantity, firstSide } = parameters;
  for (const name of ['buyPrice', 'sellPrice'] as const) {
    const opens = (name === 'buyPrice') === (firstSide === 'buy');
    const amount = opens || firstSide === 'sell' ? quantity : afterBaseFee(quantity, instrument);
    checkOrder(reader, { ...judgedPrice(parameters, name, instrument, lastPrice), name, amount, quantity }, instrument);
  }
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed' && sellPrice.price <= buyPrice.price) {
    const least = Price.format(Price.plus(buyPrice.price, instrument.tickSize));
    const text = `Selling at ${Price.format(sellPrice.price)} is not above buying at ${Price.format(buyPrice.price)}.`;
    reader.fault('SELL_BELOW_BUY', 'sellPrice/fixed', text, `at least ${least}`);
  }
}

/** What a buy leaves to sell: the venue may take its fee out of what was bought. */
export function afterBaseFee(quantity: Quantity, instrument: Instrument): Quantity {
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  const left = quantity - (quantity * (rate.ok ? rate.value : 0n)) / 10n ** 12n;
  return Quantity.floorTo(Quantity.fromUnits(left), instrument.stepSize);
}

interface Judged {
  readonly name: 'buyPrice' | 'sellPrice';
  /** What the order would be of. */
  readonly amount: Quantity;
  /** What was configured. */
  readonly quantity: Quantity;
  /** By which it is refused. */
  readonly price: Price;
  /** By which something better is suggested. */
  readonly likely: Price;
}

/** The highest there is where nothing is known, so that no order is refused that might pass. */
function judgedPrice(
  parameters: ScalpingParameters,
  name: Judged['name'],
  instrument: Instrument,
  lastPrice: Price | null,
): Pick<Judged, 'price' | 'likely'> {
  const source = parameters[name];
  if (source.kind === 'fixed') return { price: source.price, likely: source.price };
  const { tickSize, priceMin, priceMax } = instrument;
  const highest = Price.floorTo(priceMax, tickSize);
  const other = parameters[name === 'buyPrice' ? 'sellPrice' : 'buyPrice'];
  const around = lastPrice ?? (other.kind === 'fixed' ? other.price : null);
  const price = around === null ? null : Price.floorTo(estimated(parameters, name, instrument, around), tickSize);
  if (price === null || price < priceMin || price > highest) return { price: highest, likely: highest };
  return { price: lastPrice === null ? highest : price, likely: price };
}

/** A filter that an order of this form would break. */
function checkOrder(reader: ParameterReader, judged: Judged, instrument: Instrument): void {
  const open = { ...instrument, status: 'trading' } as const;
  const checked = checkFilters(open, judged.price, judged.amount);
  if (checked.ok) return;
  const { code, field } = checked.error;
  const name = field === 'price' ? `${judged.name}/fixed` : 'quantity';
  if (reader.faults.some((known) => known.field === `/${name}`)) return;
  const nearest = checked.error.suggestion;
  const passes = field === 'price' ? nearest : passing(nearest, judged.likely, open);
  const least = code.endsWith('BELOW_MINIMUM') || passes !== nearest;
  const suggestion = least ? beforeBaseFee(passes, instrument) : passes;
  reader.fault(code, name, textOf(checked.error, judged), suggestion);
}

/** One filter may hide the next: a quantity that all of them take at the price. */
function passing(suggestion: string, price: Price, instrument: Instrument): string {
  const quantity = Quantity.parse(suggestion);
  const checked = quantity.ok ? checkFilters(instrument, price, quantity.value) : null;
  return checked === null || checked.ok || checked.error.field !== 'quantity' ? suggestion : checked.error.suggestion;
}

function textOf({ code, value, limit }: FilterViolation, { price, amount, quantity }: Judged): string {
  const netted = amount === quantity ? '' : ', what is left of it after a fee in base,';
  switch (code) {
    case 'PRICE_OFF_TICK':
      return `The price ${value} is no multiple of the venue's tick size, ${limit}.`;
    case 'PRICE_OUT_OF_RANGE':
      return `The price ${value} is outside of what the venue takes, ${limit.replace('..', ' to ')}.`;
    case 'QUANTITY_OFF_STEP':
      return `The quantity ${value}${netted} is no multiple of the venue's step size, ${limit}.`;
    case 'QUANTITY_BELOW_MINIMUM':
      return `The quantity ${value}${netted} is below the venue's minimum, ${limit}.`;
    case 'QUANTITY_ABOVE_MAXIMUM':
      return `The quantity ${value}${netted} is above the venue's maximum, ${limit}.`;
    case 'NOTIONAL_BELOW_MINIMUM':
      return `The quantity ${value}${netted} is worth less at ${Price.format(price)} than the venue's minimum, ${limit}.`;
    case 'INSTRUMENT_HALTED':
      return 'The venue has halted trading.';
  }
}

/** The quantity to configure so that this much is left after a fee in base. */
export function beforeBaseFee(suggestion: string, instrument: Instrument): string {
  const wanted = Quantity.parse(suggestion);
  const rate = parseDecimal(instrument.takerFeeRate, 12);
  if (!wanted.ok || !rate.ok || rate.value >= 10n ** 12n) return suggestion;
  const { stepSize } = instrument;
  const kept = 10n ** 12n - rate.value;
  const gross = (wanted.value * 10n ** 12n + kept - 1n) / kept;
  return Quantity.format(Quantity.fromUnits(((gross + stepSize - 1n) / stepSize) * stepSize));
}
