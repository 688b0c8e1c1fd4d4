import { second } from '@scalpstorm/kernel';
import { Price, Quantity } from '@scalpstorm/model';
import { heedsMarket, type Ladder, stepLadder } from '../ladder/ladder.js';
import { type Ending, initialLadder } from '../ladder/state.js';
import { mayOpen } from '../ladder/turn.js';
import type { ScalpingParameters } from '../scalping-cycle/parameters.js';
import type { CyclePlan } from '../scalping-cycle/plan.js';
import type { Priced } from '../scalping-cycle/priced.js';
import { onTick } from '../scalping-cycle/pricing.js';
import type { ScalpingState } from '../scalping-cycle/state.js';
import { defineStrategy } from '../sdk/define.js';
import { fixedSize } from '../sdk/read-sizing.js';
import type { StrategyContext } from '../sdk/strategy.js';
import { checkParameters, type GridParameters } from './check-parameters.js';
import { gridSchema } from './schema.js';

/** A constant, however many levels there are: an edit of the levels must not give an order id to another rung. */
const stride = 64;
/** What is bought at once pays at most so much more than the ask: 10^-4. */
const slippage = 10n;

const ladder: Ladder<GridParameters> = {
  stride,
  rungs: ({ quantities }) => quantities.length,
  rung: cycleOf,
  ends: endOf,
};

/**
 * Grid on spot: rung k buys at level k and sells what it bought one level higher, for ever. Each rung is a scalping cycle of its own,
 * so that no level is ever bought at twice before it was sold.
 *
 * - entry of a rung: a limit at its level that rests below the ask. A level above the price waits until the price has been above it,
 *   or is bought at once at min(level, ask × 1.001) with `startAbove: "buy"`
 * - exit: at the next level, or as much above what was paid where an edit has moved the levels below that
 * - profit of a level = quantity × ((1 − fee)² × next level − level), which has to be above nothing
 * - bid <= stopPrice or bid >= takeProfitPrice: everything is closed at the market, and the bot ends
 *
 * Source: the grid of Pionex's spot bots and Hummingbot's GridExecutor, without their total amount: what a level costs is told here.
 */
export const grid = defineStrategy({
  id: 'grid',
  title: 'Grid',
  description:
    'Buys at levels below the price and sells each purchase one level higher, for ever; with a stop price and a take-profit price for all of it.',
  schema: gridSchema,
  lanes: stride,
  check: checkParameters,
  init: () => initialLadder,
  heedsMarket: (state, parameters) => heedsMarket(ladder, state, parameters),
  step: (state, event, context, parameters) => stepLadder(ladder, state, { event, context, parameters }),
});

function cycleOf(parameters: GridParameters, index: number, others: readonly ScalpingState[]): ScalpingParameters {
  const { levels, quantities } = parameters;
  // Beyond the grid as it is now: what it still holds is sold as far above its price as the highest rung sells.
  const rung = Math.min(index, quantities.length - 1);
  const level = levels[rung] ?? Price.zero;
  const next = levels[rung + 1] ?? level;
  const quantity = quantities[rung] ?? Quantity.zero;
  const isOver = index >= quantities.length;
  return {
    firstSide: 'buy',
    quantity,
    sizeBy: fixedSize,
    buyPrice: { kind: 'fixed', price: level },
    sellPrice: { kind: 'fixed', price: next },
    loop: true,
    maxCycles: null,
    timeInForce: 'GTC',
    trailing: null,
    stopLoss: null,
    takeProfit: null,
    afterStopLoss: 'continue',
    coolDown: 0,
    entryTimeout: null,
    vwapWindow: 0,
    atr: { period: 14, interval: 60 * second },
    stride,
    plan: planOf({ level, next, quantity, isOver }, parameters, (price, { now }) => {
      return mayOpen(others, index, { now, most: parameters.openOrdersMax, price });
    }),
  };
}

interface Rung {
  readonly level: Price;
  readonly next: Price;
  readonly quantity: Quantity;
  readonly isOver: boolean;
}

function planOf(
  { level, next, quantity, isOver }: Rung,
  { startAbove }: GridParameters,
  hasTurn: (price: Price, context: StrategyContext) => boolean,
): CyclePlan {
  return {
    follows: false,
    entry: (_holding, context) => {
      if (isOver) return null;
      const ask = context.quote?.askPrice ?? context.trade?.price ?? null;
      if (ask === null) return { kind: 'waits', lacking: ['quote', 'trade'] };
      const price = ask > level ? level : startAbove === 'buy' ? atMost(level, ask, context) : null;
      return price !== null && hasTurn(price, context) ? { kind: 'entry', price, quantity } : null;
    },
    exit: ({ average }, context) => exitPrice(average, { level, next }, context),
    keeps: (order) => !isOver && order.price === level && order.quantity === quantity,
  };
}

/** A purchase at once: what the market asks and a little more, so that it fills, but never more than its level. */
function atMost(level: Price, ask: Price, { instrument }: StrategyContext): Price {
  const price = Price.ceilTo(Price.fromUnits(ask + (ask * slippage) / 10_000n), instrument.tickSize);
  return price < level ? price : level;
}

/** The next level, or as much above what was paid. */
function exitPrice(
  average: Price | null,
  { level, next }: Pick<Rung, 'level' | 'next'>,
  context: StrategyContext,
): Priced {
  const paid = average === null || average <= level ? next : Price.fromUnits((average * next) / level);
  return onTick(paid > next ? paid : next, 'sell', context);
}

function endOf({ stopPrice, takeProfitPrice }: GridParameters, { quote, trade }: StrategyContext): Ending | null {
  const bid = quote?.bidPrice ?? trade?.price ?? null;
  if (bid === null) return null;
  const at = Price.format(bid);
  if (stopPrice !== null && bid <= stopPrice) {
    const text = `The price ${at} reached the stop price ${Price.format(stopPrice)}: the whole grid is closed at the market.`;
    return { code: 'GRID_STOP_PRICE', text, milestone: 'auto-stopped' };
  }
  if (takeProfitPrice === null || bid < takeProfitPrice) return null;
  const text = `The price ${at} reached the take-profit price ${Price.format(takeProfitPrice)}: the whole grid is closed.`;
  return { code: 'GRID_TAKE_PROFIT', text, milestone: 'finished' };
}
