import { formatDecimal, type Instrument, Money, notional, Price, parseDecimal, Quantity } from '@scalpstorm/model';
import type { ParameterFault } from '../sdk/parameter-fault.js';
import { afterBaseFee, beforeBaseFee } from './instrument-checks.js';
import { countAlike, isNow, type Offset } from './offset-checks.js';
import { offsetDecimals, type ScalpingParameters } from './parameters.js';
import { closesInParts } from './parts.js';
import { moved } from './pricing.js';

/** Allowed, but probably not meant. @param lastPrice null: what needs one is not judged */
export function warningsOf(
  parameters: ScalpingParameters,
  instrument: Instrument,
  lastPrice: Price | null = null,
): readonly ParameterFault[] {
  const rate = parseDecimal(instrument.makerFeeRate, 12);
  const feesBps = rate.ok ? (rate.value * 2n) / 10n ** 2n : 0n;
  const margin = marginOf(parameters, instrument, lastPrice);
  // 10^-4 percent are 10^-2 basis points.
  const profit = parameters.takeProfit === null ? null : parameters.takeProfit * 10n ** BigInt(offsetDecimals - 2);
  return [
    ...(margin !== null && loses(margin, feesBps) ? [marginLoses(parameters, margin, feesBps)] : []),
    ...(profit !== null && profit <= feesBps ? [profitLoses(profit, feesBps)] : []),
    ...throughMarket(parameters),
    ...(parameters.stopLoss !== null && parameters.coolDown === 0 && loopsOn(parameters) ? [noCoolDown] : []),
    ...stopTooSmall(parameters, instrument, lastPrice),
    ...closesInParts(parameters.quantity, instrument, lastPrice),
  ];
}

/** Sell over buy. */
interface Margin {
  /** 10^-6 basis points; null where ticks can not be told in them. */
  readonly bps: bigint | null;
  /** 10^-6 ticks, where it was given in ticks. */
  readonly ticks: bigint | null;
  /** At which the ticks were counted. */
  readonly at: Price | null;
}

const scale = 10n ** BigInt(offsetDecimals);
const shown = (value: bigint): string => formatDecimal(value, offsetDecimals);

const loses = ({ bps, ticks }: Margin, feesBps: bigint): boolean =>
  bps === null ? ticks !== null && ticks <= 0n : bps <= feesBps;

/** Null where it can not be told beforehand. */
function marginOf(
  { buyPrice, sellPrice, firstSide }: ScalpingParameters,
  { tickSize }: Instrument,
  lastPrice: Price | null,
): Margin | null {
  if (buyPrice.kind === 'fixed' && sellPrice.kind === 'fixed') {
    return inBps(((sellPrice.price - buyPrice.price) * 10_000n * scale) / buyPrice.price);
  }
  const [closing, opening] = firstSide === 'buy' ? [sellPrice, buyPrice] : [buyPrice, sellPrice];
  if (closing.kind === 'offset' && closing.from === 'entry') {
    const at = opening.kind === 'fixed' ? opening.price : lastPrice;
    return gainOf(closing.unit, firstSide === 'buy' ? closing.offset : -closing.offset, { at, tickSize });
  }
  if (buyPrice.kind !== 'offset' || sellPrice.kind !== 'offset' || !countAlike(buyPrice, sellPrice)) return null;
  const around = { at: lastPrice, tickSize };
  if (buyPrice.unit === sellPrice.unit) return gainOf(sellPrice.unit, sellPrice.offset - buyPrice.offset, around);
  const [up, down] = [asBps(sellPrice, around), asBps(buyPrice, around)];
  return up === null || down === null ? null : inBps(up - down);
}

interface Around {
  readonly at: Price | null;
  readonly tickSize: Price;
}

const inBps = (bps: bigint): Margin => ({ bps, ticks: null, at: null });

function gainOf(unit: Offset['unit'], gain: bigint, { at, tickSize }: Around): Margin | null {
  if (unit === 'bps') return inBps(gain);
  // How much a range is worth is not known; none of it is nothing.
  if (unit === 'atr') return gain === 0n ? inBps(0n) : null;
  return { bps: at === null ? null : ticksInBps(gain, at, tickSize), ticks: gain, at };
}

function asBps({ offset, unit }: Offset, { at, tickSize }: Around): bigint | null {
  if (unit === 'bps' || offset === 0n) return offset;
  return unit === 'ticks' && at !== null ? ticksInBps(offset, at, tickSize) : null;
}

const ticksInBps = (ticks: bigint, at: Price, tickSize: Price): bigint => (ticks * tickSize * 10_000n) / at;

function marginLoses({ firstSide, trailing }: ScalpingParameters, margin: Margin, feesBps: bigint): ParameterFault {
  const { bps, ticks, at } = margin;
  const inTicks = ticks === null ? '' : `${shown(ticks)} ticks`;
  const counted = ticks === null || at === null ? '' : ` (${inTicks} at ${Price.format(at)})`;
  const distance = bps === null ? inTicks : `${shown(bps)} bps${counted}`;
  const between =
    trailing === null ? 'Between buy and sell lie' : 'The exit begins to trail when between buy and sell lie';
  return {
    code: 'LOSES_AFTER_FEES',
    field: firstSide === 'buy' ? '/sellPrice' : '/buyPrice',
    text: `${between} ${distance}; the fees of both orders take ${shown(feesBps)} bps.`,
    allowed: `more than ${shown(feesBps)} bps`,
    next: 'Raise the sell price or lower the buy price, unless a loss is meant.',
  };
}

function profitLoses(profit: bigint, feesBps: bigint): ParameterFault {
  return {
    code: 'LOSES_AFTER_FEES',
    field: '/takeProfitPercent',
    text: `The take-profit lies ${shown(profit)} bps from the entry; the fees of both orders take ${shown(feesBps)} bps.`,
    allowed: `more than ${shown(feesBps)} bps`,
    next: 'Raise the take-profit, unless a loss is meant.',
  };
}

/** An exit that takes what the market pays at once. */
function throughMarket({ firstSide, buyPrice, sellPrice, trailing }: ScalpingParameters): readonly ParameterFault[] {
  const closing = firstSide === 'buy' ? sellPrice : buyPrice;
  if (closing.kind !== 'offset' || trailing !== null || !isNow(closing)) return [];
  if (firstSide === 'buy' ? closing.offset >= 0n : closing.offset <= 0n) return [];
  const [field, where] = firstSide === 'buy' ? ['/sellPrice/offset', 'below'] : ['/buyPrice/offset', 'above'];
  const text = `The exit lies ${where} the market, so it fills at once at what the market pays, whatever the entry has cost.`;
  const next = 'Count the exit from entry, or place it on the other side of the market.';
  return [{ code: 'EXIT_THROUGH_MARKET', field, text, allowed: '', next }];
}

const loopsOn = ({ loop, afterStopLoss }: ScalpingParameters): boolean => loop && afterStopLoss === 'continue';

const noCoolDown: ParameterFault = {
  code: 'STOP_LOSS_WITHOUT_COOL_DOWN',
  field: '/coolDownSeconds',
  text: 'After a stop-loss the next cycle begins at once, in the market that has just gone against it.',
  allowed: 'whole seconds from 1',
  next: 'Set a cool-down, or let the bot stop after a stop-loss.',
};

/** What is bought may be worth too little to be sold when the stop-loss is reached; then it stays as dust. */
function stopTooSmall(
  { firstSide, buyPrice, stopLoss, quantity }: ScalpingParameters,
  instrument: Instrument,
  lastPrice: Price | null,
): readonly ParameterFault[] {
  const { notionalMin, quote, stepSize } = instrument;
  const entry = buyPrice.kind === 'fixed' ? buyPrice.price : lastPrice;
  if (stopLoss === null || entry === null || firstSide !== 'buy') return [];
  const stop = moved(entry, stopLoss, false, 'sell');
  const worth = notional(stop, afterBaseFee(quantity, instrument), quote);
  if (stop <= 0n || worth.amount >= notionalMin.amount) return [];
  const steps = (notionalMin.amount * 10n ** 6n + stop * stepSize - 1n) / (stop * stepSize);
  const least = beforeBaseFee(Quantity.format(Quantity.fromUnits(steps * stepSize)), instrument);
  const [value, minimum] = [Money.format(worth), Money.format(notionalMin)];
  return [
    {
      code: 'STOP_LOSS_BELOW_MINIMUM',
      field: '/quantity',
      text: `At the stop-loss, ${Price.format(stop)}, what is left after a fee in base is worth ${value} ${quote}; the venue sells nothing below ${minimum}.`,
      allowed: `at least ${least}`,
      next: 'Raise the quantity, or bring the stop-loss nearer.',
    },
  ];
}
