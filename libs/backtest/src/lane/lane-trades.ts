import {
  type BotId,
  ClientOrderId,
  type Fill,
  type Instrument,
  Money,
  notional,
  Price,
  Quantity,
} from '@scalpstorm/model';
import type { BarTrade } from '../bars/trades.js';

/** From flat to flat of one bot, as `BarTrade`, with the exact amounts beside the numbers. */
export interface LaneTrade extends BarTrade {
  readonly botId: BotId;
  readonly symbol: string;
  readonly side: 'long' | 'short';
  /** Exact, in the quote asset; a fee in base at the price of its fill. */
  readonly netExact: string;
}

/** Money per price: 10^-18 × 10^-12 counts 10^-30. */
const priceUnit = 10n ** 12n;

/** What each bot holds of its instrument, by its fills. */
export class BotHoldings {
  /** Base, after fees in base, in 10^-18; below 0 what is owed. */
  private readonly held = new Map<BotId, bigint>();

  /**
   * Whether the bot is flat after this fill. What is left below one step of the venue can not be sold and counts as flat; it goes on into
   * the next round trip.
   */
  isFlatAfter(botId: BotId, fill: Fill, instrument: Instrument): boolean {
    const held = (this.held.get(botId) ?? 0n) + baseOf(fill, instrument);
    this.held.set(botId, held);
    const step = Money.fromQuantity(instrument.stepSize, instrument.base).amount;
    return held < step && held > -step;
  }
}

/**
 * Round trips that are over, see `BotHoldings`.
 * @param pointOf the point of the equity that a time belongs to
 */
export function laneTradesOf(
  fills: readonly Fill[],
  instruments: readonly Instrument[],
  pointOf: (at: number) => number,
): readonly LaneTrade[] {
  const holdings = new BotHoldings();
  const open = new Map<BotId, Fill[]>();
  const trades: LaneTrade[] = [];
  for (const fill of fills) {
    const instrument = instruments.find(({ id }) => id === fill.instrumentId) as Instrument;
    const botId = ClientOrderId.slotOf(fill.clientOrderId)?.botId;
    if (botId === undefined) continue;
    const trip = open.get(botId) ?? [];
    trip.push(fill);
    open.set(botId, trip);
    if (!holdings.isFlatAfter(botId, fill, instrument)) continue;
    trades.push(tradeOf(botId, trip, instrument, pointOf));
    open.delete(botId);
  }
  return trades;
}

function baseOf({ side, quantity, fee }: Fill, { base }: Instrument): bigint {
  const amount = Money.fromQuantity(quantity, base).amount;
  return (side === 'buy' ? amount : -amount) - (fee.currency === base ? fee.amount : 0n);
}

function tradeOf(
  botId: BotId,
  fills: readonly Fill[],
  instrument: Instrument,
  pointOf: (at: number) => number,
): LaneTrade {
  const { quote, base } = instrument;
  const [first, last] = [fills[0] as Fill, fills.at(-1) as Fill];
  const feesOf = (fill: Fill): bigint =>
    fill.fee.currency === base ? (fill.fee.amount * fill.price) / priceUnit : fill.fee.amount;
  const value = (fill: Fill): bigint => notional(fill.price, fill.quantity, quote).amount;
  const entries = fills.filter(({ side }) => side === first.side);
  const exits = fills.filter(({ side }) => side !== first.side);
  const [paid, got] = [sum(entries, value), sum(exits, value)];
  const fees = sum(fills, feesOf);
  // A fee in base is in what was bought and not sold again: the cash flow has it already, the rest is taken off here.
  const cashFees = sum(
    fills.filter(({ fee }) => fee.currency !== base),
    feesOf,
  );
  const isLong = first.side === 'buy';
  const net = (isLong ? got - paid : paid - got) - cashFees;
  const money = (amount: bigint): string => Money.format({ currency: quote, amount });
  return {
    botId,
    symbol: instrument.symbol,
    side: isLong ? 'long' : 'short',
    openedBar: pointOf(first.occurredAt),
    closedBar: pointOf(last.occurredAt),
    openedAt: first.occurredAt,
    closedAt: last.occurredAt,
    quantity: Number(Quantity.format(Quantity.fromUnits(sum(entries, ({ quantity }) => quantity)))),
    entryPrice: average(entries, paid),
    exitPrice: average(exits, got),
    fees: Number(money(fees)),
    net: Number(money(net)),
    netExact: money(net),
    netShare: Number(money(net)) / Number(money(paid)),
    exitReason: 'signal',
    entryTag: '',
    exitTag: '',
  };
}

/** Value ÷ quantity, for people. */
function average(fills: readonly Fill[], value: bigint): number {
  const quantity = sum(fills, (fill) => fill.quantity);
  // 10^-18 of the quote ÷ 10^-12 of the base, told as a price of 10^-12.
  return quantity === 0n ? 0 : Number(Price.format(Price.fromUnits((value * 10n ** 6n) / quantity)));
}

const sum = (fills: readonly Fill[], of: (fill: Fill) => bigint): bigint =>
  fills.reduce((total, fill) => total + of(fill), 0n);
