import { second } from '@scalpstorm/kernel';
import { Money } from '@scalpstorm/model';
import { type LanePlan, plainRules, usualBounds } from '../lane/lane-options.js';
import type { Edition, Session } from './session.js';

/** More than a demo bot spends: what it may hold is a limit of its account, and not of its market. */
const plenty = '1000000000';

/**
 * The backtest of a part of a session: its bot as it was configured then, on the instrument with its own fees, with half of the usual
 * spread that it saw on either side of the bars. Orders and prices take no time. It begins with nothing.
 */
export function shadowPlan(session: Session, { parameters }: Edition): LanePlan {
  const { instrument, strategy } = session;
  const { symbol, base, quote, makerFeeRate, takerFeeRate } = instrument;
  return {
    instruments: [instrument],
    bots: [{ strategy, parameters, symbol }],
    balances: [Money.of(plenty, quote), Money.of(plenty, base)],
    rules: {
      ...plainRules,
      fees: [{ volumeMin: Money.zero(quote), makerRate: makerFeeRate, takerRate: takerFeeRate }],
      spreadBps: usualSpreadBps(session),
      fillsOnTouch: true,
    },
    limits: {},
    equityEvery: second,
    seed: 1,
    bounds: usualBounds,
  };
}

/** The median of those in which it asked for orders; 0 where it never saw one. */
function usualSpreadBps({ asks }: Session): number {
  const spreads = [...asks.values()]
    .flatMap(({ quote }) => (quote === null ? [] : [quote]))
    .map(({ bidPrice, askPrice }) => Number(((askPrice - bidPrice) * 10_000_000n) / bidPrice) / 1_000)
    .toSorted((left, right) => left - right);
  return Math.min(Math.max(spreads[Math.floor(spreads.length / 2)] ?? 0, 0), 1_000);
}
