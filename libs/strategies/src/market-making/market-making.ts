import { second, Timestamp } from '@scalpstorm/kernel';
import { Price, type Side } from '@scalpstorm/model';
import { heedsMarket, type Ladder, stepLadder } from '../ladder/ladder.js';
import { initialLadder } from '../ladder/state.js';
import { liveOf, mayOpen } from '../ladder/turn.js';
import { quantityScale } from '../scalping-cycle/amounts.js';
import { signedBase } from '../scalping-cycle/books.js';
import type { ScalpingParameters } from '../scalping-cycle/parameters.js';
import type { CyclePlan, Holding, Resting } from '../scalping-cycle/plan.js';
import type { Priced } from '../scalping-cycle/priced.js';
import { onTick } from '../scalping-cycle/pricing.js';
import type { ScalpingState } from '../scalping-cycle/state.js';
import { defineStrategy } from '../sdk/define.js';
import { fixedSize } from '../sdk/read-sizing.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { checkParameters, type MarketMakingParameters } from './check-parameters.js';
import { movedBps, offsetsOf } from './quotes.js';
import { marketMakingSchema } from './schema.js';

/** Lots at most; a constant, whatever is wanted of them now. */
const stride = 8;

const ladder: Ladder<MarketMakingParameters> = { stride, rungs: ({ lots }) => lots, rung: cycleOf };

/**
 * Market making after Avellaneda & Stoikov (2008) on spot, for an account that may hold no base: each lot is a scalping cycle of its own
 * that bids, and offers what it has bought. So at most one bid rests, and one ask for each lot that is held; flat it quotes one-sided,
 * with all lots bought it only offers.
 *
 * - bid and ask by `offsetsOf`: the more lots are held, the lower both. On the tick, post-only
 * - an order is replaced when its price is off by more than the tolerance and it is old enough
 * - without a fresh quote everything is withdrawn; without a volatility nothing new is bid, and what rests stays
 * - an ask goes by the market and not by what the lot has cost: a pair may lose. The stop-loss bounds one lot, the number of lots all
 */
export const marketMaking = defineStrategy({
  id: 'market-making',
  title: 'Market making',
  description:
    'Rests a bid and asks around the middle of the market, both lower the more it holds (Avellaneda–Stoikov); earns the spread where prices come back.',
  schema: marketMakingSchema,
  lanes: stride,
  check: checkParameters,
  measures: ({ atrPeriod, rule }) => ({
    vwapWindow: null,
    atr: { period: atrPeriod, interval: rule.atrSeconds * second },
  }),
  init: () => initialLadder,
  heedsMarket: (state, parameters) => heedsMarket(ladder, state, parameters),
  step: (state, event, context, parameters) => stepLadder(ladder, state, { event, context, parameters }),
});

function cycleOf(
  parameters: MarketMakingParameters,
  index: number,
  others: readonly ScalpingState[],
): ScalpingParameters {
  const { quantity, stopLoss, atrPeriod, rule } = parameters;
  const anywhere = { kind: 'offset', offset: 0n, unit: 'bps', from: 'mid' } as const;
  return {
    firstSide: 'buy',
    quantity,
    sizeBy: fixedSize,
    buyPrice: anywhere,
    sellPrice: anywhere,
    loop: true,
    maxCycles: null,
    timeInForce: 'PO',
    trailing: null,
    stopLoss,
    takeProfit: null,
    afterStopLoss: 'continue',
    coolDown: 0,
    entryTimeout: null,
    vwapWindow: 0,
    atr: { period: atrPeriod, interval: rule.atrSeconds * second },
    stride,
    plan: planOf(parameters, index, others),
  };
}

function planOf(parameters: MarketMakingParameters, index: number, others: readonly ScalpingState[]): CyclePlan {
  const price = (side: Side, holding: Holding, context: StrategyContext): Priced =>
    priceOf(parameters, side, lotsOf(parameters, { index, others, holding }), context);
  return {
    follows: true,
    entry: (holding, context) => {
      if (index >= parameters.lots || isBidding(others, index, () => true)) return null;
      const bid = price('buy', holding, context);
      if (bid.kind !== 'price') return bid;
      if (!mayOpen(others, index, { now: context.now, most: stride, price: bid.price })) return null;
      return { kind: 'entry', price: bid.price, quantity: parameters.quantity };
    },
    exit: (holding, context) => price('sell', holding, context),
    replaces: (order, holding, context) => {
      if (context.quote === null) return true;
      // Of two bids, as after a restart, the one of the higher lot stays.
      if (order.leg === 'entry' && (index >= parameters.lots || isBidding(others, index, (other) => other > index)))
        return true;
      return isOff(parameters, order, price(order.side, holding, context), context);
    },
    keeps: (order) => order.quantity === parameters.quantity,
  };
}

const isBidding = (others: readonly ScalpingState[], index: number, counts: (other: number) => boolean): boolean =>
  others.some((rung, other) => other !== index && counts(other) && liveOf(rung)?.leg === 'entry');

interface Lot {
  readonly index: number;
  /** All of them as they stood before this step. */
  readonly others: readonly ScalpingState[];
  /** What this one holds by now. */
  readonly holding: Holding;
}

/** What all of them hold, in lots; a statistic. */
function lotsOf({ quantity }: MarketMakingParameters, { index, others, holding }: Lot): number {
  const held = others.reduce(
    (sum, { books }, other) => (other === index ? sum : sum + signedBase(books)),
    holding.base,
  );
  return Number(held / quantityScale) / Number(quantity);
}

/** A tick away from the market where the formula would take: an order there rests. */
function priceOf({ rule }: MarketMakingParameters, side: Side, lots: number, context: StrategyContext): Priced {
  const { quote, atr, instrument } = context;
  if (quote === null) return { kind: 'waits', lacking: ['quote'] };
  if (atr === null) return { kind: 'waits', lacking: ['ATR'] };
  const middle = Price.fromUnits((quote.bidPrice + quote.askPrice) / 2n);
  const offsets = offsetsOf(rule, lots, Number(atr) / Number(middle));
  const wanted = movedBps(middle, side === 'buy' ? offsets.bid : offsets.ask);
  const beside =
    side === 'buy' ? Price.minus(quote.askPrice, instrument.tickSize) : Price.plus(quote.bidPrice, instrument.tickSize);
  const rests = side === 'buy' ? wanted <= beside : wanted >= beside;
  return onTick(rests ? wanted : beside, side, context);
}

function isOff(
  { refresh, toleranceBps }: MarketMakingParameters,
  order: Resting,
  wanted: Priced,
  { now }: StrategyContext,
): boolean {
  if (wanted.kind !== 'price' || now < Timestamp.plus(order.placedAt, refresh)) return false;
  const off = order.price > wanted.price ? order.price - wanted.price : wanted.price - order.price;
  return Number(off) * 10_000 > toleranceBps * Number(wanted.price);
}
