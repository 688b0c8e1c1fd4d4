import { fail, ok, type Result } from '@scalpstorm/kernel';
import { checkFilters, type Instrument, type JsonObject, Money, Price, Quantity } from '@scalpstorm/model';
import { afterBaseFee, beforeBaseFee } from '../scalping-cycle/instrument-checks.js';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { readSizing, type SizingRule } from '../sdk/read-sizing.js';
import { ParameterReader } from '../sdk/reader.js';
import type { Checked } from '../sdk/strategy.js';
import { type GridRange, levelsOf, spacings } from './levels.js';
import { leastSpacingPercent, spacingPercent, tooClose } from './profit.js';
import { bounds, parameterNames, startAboveChoices } from './schema.js';

export interface GridParameters {
  /** Lowest first; rung k buys at level k and sells at level k + 1. */
  readonly levels: readonly Price[];
  /** Of each rung. */
  readonly quantities: readonly Quantity[];
  readonly startAbove: (typeof startAboveChoices)[number];
  readonly stopPrice: Price | null;
  readonly takeProfitPrice: Price | null;
  readonly openOrdersMax: number;
}

/** Checks parameters against the instrument that they are for; every fault at once. */
export function checkParameters(
  given: JsonObject,
  instrument: Instrument,
  lastPrice: Price | null = null,
): Result<Checked<GridParameters>, readonly ParameterFault[]> {
  const reader = new ParameterReader(given).onlyFields(parameterNames);
  const lower = reader.decimal('lower', Price.parse);
  const upper = reader.decimal('upper', Price.parse);
  const quantity = reader.decimal('quantity', Quantity.parse);
  const sizeBy = readSizing(reader, instrument);
  checkWay(reader, sizeBy);
  const levels = reader.whole('levels', bounds.levels) ?? bounds.levels.absent;
  const spacing = reader.oneOf('spacing', spacings, 'geometric');
  const rest = {
    startAbove: reader.oneOf('startAbove', startAboveChoices, 'wait'),
    stopPrice: priceOrNone(reader, 'stopPrice'),
    takeProfitPrice: priceOrNone(reader, 'takeProfitPrice'),
    openOrdersMax: reader.whole('openOrdersMax', bounds.openOrdersMax) ?? bounds.openOrdersMax.absent,
  };
  if (lower === null || upper === null) return fail(reader.faults);
  const range = { lower, upper, levels, spacing };
  checkRange(reader, range, instrument);
  checkEnds(reader, { ...rest, lower, upper }, lastPrice);
  if (quantity === null || reader.faults.length > 0) return fail(reader.faults);
  const bound = boundOf(range, quantity, sizeBy, instrument);
  checkSpacing(reader, range, instrument);
  checkOrders(reader, bound, instrument);
  if (reader.faults.length > 0) return fail(reader.faults);
  return ok({ parameters: { ...bound, ...rest }, warnings: warningsOf({ ...bound, ...rest }, lastPrice) });
}

function boundOf(range: GridRange, quantity: Quantity, { sizing }: SizingRule, { tickSize, stepSize }: Instrument) {
  const levels = levelsOf(range, tickSize);
  const quantities = levels.slice(0, -1).map((price) => {
    if (sizing.kind !== 'notional') return quantity;
    const worth = Quantity.fromUnits((sizing.notional * 10n ** 6n) / price);
    return Quantity.min(quantity, Quantity.floorTo(worth, stepSize));
  });
  return { levels, quantities };
}

/** A level is one of many: what it may cost is told beforehand, and not by what the account holds when its turn comes. */
function checkWay(reader: ParameterReader, { sizing }: SizingRule): void {
  if (sizing.kind === 'fixed' || sizing.kind === 'notional') return;
  const text = 'The levels of a grid are all sized when it begins, by a quantity or by a value.';
  reader.fault('SIZING_NOT_FOR_LEVELS', 'sizing', text, '{"fixed":"quantity"} or {"notional":"100"}');
}

function priceOrNone(reader: ParameterReader, name: 'stopPrice' | 'takeProfitPrice'): Price | null {
  const value = reader.get(name);
  return value === undefined || value === null ? null : reader.decimal(name, Price.parse);
}

function checkRange(reader: ParameterReader, { lower, upper }: GridRange, instrument: Instrument): void {
  const { priceMin, priceMax, venue } = instrument;
  for (const [name, price] of [['lower', lower] as const, ['upper', upper] as const]) {
    if (price >= priceMin && price <= priceMax) continue;
    const [min, max] = [Price.format(priceMin), Price.format(priceMax)];
    reader.fault(
      'PRICE_OUT_OF_RANGE',
      name,
      `${venue} takes prices from ${min} to ${max}.`,
      `a price from ${min} to ${max}`,
    );
  }
  if (upper > lower) return;
  const text = `The upper price, ${Price.format(upper)}, is not above the lower one, ${Price.format(lower)}.`;
  reader.fault('UPPER_NOT_ABOVE_LOWER', 'upper', text, `a price above ${Price.format(lower)}`);
}

interface Ends extends Pick<GridParameters, 'stopPrice' | 'takeProfitPrice'> {
  readonly lower: Price;
  readonly upper: Price;
}

function checkEnds(
  reader: ParameterReader,
  { stopPrice, takeProfitPrice, lower, upper }: Ends,
  last: Price | null,
): void {
  const lowest = last === null || last > lower ? lower : last;
  if (stopPrice !== null && stopPrice >= lowest) {
    const where = lowest === lower ? 'below the grid' : 'below the last price';
    const text = `A stop price of ${Price.format(stopPrice)} is not ${where}, ${Price.format(lowest)}: it would end the bot at once.`;
    reader.fault('STOP_INSIDE_GRID', 'stopPrice', text, `a price below ${Price.format(lowest)}, or null`);
  }
  const highest = last === null || last < upper ? upper : last;
  if (takeProfitPrice !== null && takeProfitPrice <= highest) {
    const where = highest === upper ? 'above the grid' : 'above the last price';
    const text = `A take-profit price of ${Price.format(takeProfitPrice)} is not ${where}, ${Price.format(highest)}.`;
    reader.fault('TAKE_PROFIT_INSIDE_GRID', 'takeProfitPrice', text, `a price above ${Price.format(highest)}, or null`);
  }
}

/** Buying at a level and selling at the next must bring more than both fees take. */
function checkSpacing(reader: ParameterReader, range: GridRange, instrument: Instrument): void {
  const levels = levelsOf(range, instrument.tickSize);
  const rung = tooClose(levels, instrument);
  if (rung === null) return;
  const [buy, sell] = [levels[rung] ?? Price.zero, levels[rung + 1] ?? Price.zero];
  const most = mostLevels(range, instrument);
  const least = `${leastSpacingPercent(instrument)} %`;
  const text =
    `Between buying at ${Price.format(buy)} and selling at ${Price.format(sell)} lie ${spacingPercent(buy, sell)} %; ` +
    `levels must be more than ${least} apart, or the fees of both orders take all that a level earns.`;
  const allowed = most >= 2 ? `at most ${most} levels here, or a wider range` : `a range wider than ${least}`;
  reader.fault('LEVELS_TOO_CLOSE', 'levels', text, allowed);
}

/** How many earn their fees, of fewer than there are now; 1: none. Halved, because levels are no cheap reckoning. */
function mostLevels(range: GridRange, instrument: Instrument): number {
  let [earn, lose] = [1, range.levels];
  while (lose - earn > 1) {
    const levels = Math.floor((earn + lose) / 2);
    if (tooClose(levelsOf({ ...range, levels }, instrument.tickSize), instrument) === null) earn = levels;
    else lose = levels;
  }
  return earn;
}

/** What the venue would refuse of an order at any level. */
function checkOrders(
  reader: ParameterReader,
  { levels, quantities }: Pick<GridParameters, 'levels' | 'quantities'>,
  instrument: Instrument,
): void {
  const open = { ...instrument, status: 'trading' } as const;
  for (const [rung, quantity] of quantities.entries()) {
    const [buy, sell] = [levels[rung] ?? Price.zero, levels[rung + 1] ?? Price.zero];
    const bought = checkFilters(open, buy, quantity);
    const sold = checkFilters(open, sell, afterBaseFee(quantity, instrument));
    const refused = bought.ok ? sold : bought;
    if (refused.ok) continue;
    const { code, field, limit, suggestion } = refused.error;
    const what = `${Quantity.format(quantity)} ${instrument.base} at ${Price.format(bought.ok ? sell : buy)}`;
    const text = `The venue would not take ${what}${bought.ok ? ', less a fee in base' : ''}: its limit is ${limit}.`;
    reader.fault(code, field === 'price' ? 'lower' : 'quantity', text, allowedOf(suggestion, field, instrument));
    return;
  }
}

function allowedOf(suggestion: string, field: string, instrument: Instrument): string {
  if (field === 'price') return suggestion;
  return `at least ${beforeBaseFee(suggestion, instrument)} (${Money.format(instrument.notionalMin)} ${instrument.quote} a level)`;
}

function warningsOf(parameters: GridParameters, lastPrice: Price | null): readonly ParameterFault[] {
  const { levels, quantities, openOrdersMax } = parameters;
  const [lower, upper] = [levels[0] ?? Price.zero, levels.at(-1) ?? Price.zero];
  const outside = lastPrice !== null && (lastPrice < lower || lastPrice > upper);
  return [
    ...(quantities.length > openOrdersMax ? [tooMany(quantities.length, openOrdersMax)] : []),
    ...(outside ? [priceOutside(lastPrice)] : []),
  ];
}

const tooMany = (rungs: number, most: number): ParameterFault => ({
  code: 'MORE_LEVELS_THAN_ORDERS',
  field: '/levels',
  text: `Of ${rungs} levels at most ${most} have an order at a time; those further from the price wait until there is room.`,
  allowed: `at most ${most + 1} levels`,
  next: 'Take fewer levels, or raise openOrdersMax and the limit of the platform.',
});

const priceOutside = (lastPrice: Price): ParameterFault => ({
  code: 'PRICE_OUTSIDE_GRID',
  field: '/lower',
  text: `The last price, ${Price.format(lastPrice)}, lies outside of the grid.`,
  allowed: 'a range around the price',
  next: 'Move the range, unless the grid is to wait for the price.',
});
