import { fail, ok, type Result } from '@scalpstorm/kernel';
import { Currency, type Instrument, InstrumentId, isSymbol, Money, Price, Quantity, VenueId } from '@scalpstorm/model';
import type { BacktestFault } from '../fault.js';

/** The venue's rules that matter, as decimal texts. */
export interface InstrumentRules {
  readonly symbol: string;
  readonly tick: string;
  readonly step: string;
  /** In the quote asset. */
  readonly notionalMin: string;
}

const venue = 'backtest';
/** In ticks and in steps: what fits the exact numbers of a market. */
const ticksMax = 2n ** 31n - 1n;
const stepsMax = 10n ** 15n;

/** An instrument of a run, which no venue lists: bounds as wide as they can be. */
export function laneInstrument({
  symbol,
  tick,
  step,
  notionalMin,
}: InstrumentRules): Result<Instrument, BacktestFault> {
  if (!isSymbol(symbol)) return no(`"${symbol}" is no symbol.`, 'Write BASE-QUOTE in capitals, e.g. BTC-USDT.');
  const [base = '', quote = ''] = symbol.split('-');
  const [tickSize, stepSize] = [Price.parse(tick), Quantity.parse(step)];
  const least = Money.parse(notionalMin, Currency.of(quote));
  if (!tickSize.ok || tickSize.value <= 0n)
    return no(`The tick cannot be "${tick}".`, 'Write a decimal above 0, e.g. 0.01.');
  if (!stepSize.ok || stepSize.value <= 0n)
    return no(`The step cannot be "${step}".`, 'Write a decimal above 0, e.g. 0.00001.');
  if (!least.ok || least.value.amount < 0n)
    return no(`The least value cannot be "${notionalMin}".`, 'Write a decimal, e.g. 5.');
  if ((tickSize.value * stepSize.value) % 10n ** 6n !== 0n)
    return no('Tick and step have more than 18 decimals together.', 'Use coarser ones: no venue has so fine ones.');
  const quantityMax = Quantity.fromUnits(stepSize.value * stepsMax);
  return ok({
    id: InstrumentId.of(venue, symbol),
    venue: VenueId.of(venue),
    symbol,
    base: Currency.of(base),
    quote: Currency.of(quote),
    status: 'trading',
    tickSize: tickSize.value,
    priceMin: tickSize.value,
    priceMax: Price.fromUnits(tickSize.value * ticksMax),
    stepSize: stepSize.value,
    quantityMin: stepSize.value,
    quantityMax,
    marketQuantityMax: quantityMax,
    marketStepSize: stepSize.value,
    marketQuantityMin: stepSize.value,
    notionalMin: least.value,
    marketNotionalMax: null,
    makerFeeRate: '0',
    takerFeeRate: '0',
  });
}

const no = (text: string, next: string) => fail<BacktestFault>({ code: 'NOT_ALLOWED', text, next });
