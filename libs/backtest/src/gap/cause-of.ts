import type { Micros } from '@scalpstorm/kernel';
import type { Quote } from '@scalpstorm/model';
import type { CycleTrade, Leg } from './cycle-trade.js';
import { type Differences, differencesOf } from './differences.js';
import { openedAt, type Pair } from './pair-trades.js';
import type { Session, Span } from './session.js';

/** Why a trade was not what the backtest has, in the order in which it is asked: the first that fits is told. */
export const gapCauses = [
  'none',
  'data-gap',
  'edit',
  'halt-or-denial',
  'partial-fill',
  'spread',
  'latency',
  'queue',
  'unexplained',
] as const;
export type GapCause = (typeof gapCauses)[number];

export interface Cause {
  readonly cause: GapCause;
  readonly why: string;
}

export interface Circumstances {
  readonly session: Session;
  /** Of the bars of which the backtest made its market: no time is known better. */
  readonly barLength: Micros;
  /** Between bars that should be next to each other. */
  readonly holes: readonly Span[];
  readonly live: readonly CycleTrade[];
  readonly backtest: readonly CycleTrade[];
}

/** What two prices may differ by and still be the same. */
const sameBps = 0.01;
/** An order that takes meets another market by then. */
const slowAfter: Micros = 100_000;

export function causeOf(pair: Pair, around: Circumstances): Cause {
  const { live, backtest } = pair;
  const differences = live && backtest ? differencesOf(live, backtest) : null;
  if (differences !== null && isSame(pair, differences, around.barLength))
    return { cause: 'none', why: 'as in the backtest' };
  const outer = outerCause(pair, around);
  if (outer !== null) return outer;
  if (live && backtest && differences) return differing(live, backtest, differences, around);
  return live ? extra(live, around) : missed(backtest as CycleTrade, around);
}

function isSame({ live, backtest }: Pair, differences: Differences, barLength: Micros): boolean {
  const { entryBps, exitBps, entrySeconds, exitSeconds } = differences;
  const near = (bps: number | null, seconds: number | null): boolean =>
    Math.abs(bps ?? 0) <= sameBps && Math.abs(seconds ?? 0) * 1e6 <= barLength;
  const closed = (live?.exit === null) === (backtest?.exit === null);
  const quantity = live?.entry.quantity === backtest?.entry.quantity;
  return closed && quantity && near(entryBps, entrySeconds) && near(exitBps, exitSeconds);
}

/** What is no matter of the market. */
function outerCause(pair: Pair, { session, holes, barLength }: Circumstances): Cause | null {
  const span = spanOf(pair, barLength);
  const gap = [...session.gaps, ...holes].find((one) => meets(one, span));
  if (gap)
    return { cause: 'data-gap', why: `nothing is known of ${timeOf(gap.from)} to ${timeOf(gap.to)} (${gap.text})` };
  const edition = session.editions.slice(1).find(({ from }) => from >= span.from && from <= span.to);
  if (edition) return { cause: 'edit', why: `its parameters were edited at ${timeOf(edition.from)}` };
  const denial = session.denials.find(({ at }) => at >= span.from && at <= span.to);
  if (denial) return { cause: 'halt-or-denial', why: `an order was denied: ${denial.code}` };
  const off = session.off.find((one) => meets(one, span));
  if (off) return { cause: 'halt-or-denial', why: `it was not trading from ${timeOf(off.from)} on (${off.text})` };
  return null;
}

function differing(live: CycleTrade, backtest: CycleTrade, by: Differences, around: Circumstances): Cause {
  const { session, barLength } = around;
  const parts =
    live.entry.fills > live.entry.orders.length || (live.exit?.fills ?? 0) > (live.exit?.orders.length ?? 0);
  if (live.entry.quantity !== backtest.entry.quantity || parts)
    return { cause: 'partial-fill', why: `${live.entry.fills} fills in and ${live.exit?.fills ?? 0} out` };
  if ((live.exit === null) !== (backtest.exit === null))
    return {
      cause: 'queue',
      why: live.exit === null ? 'live it is not closed yet' : 'in the backtest it is not closed',
    };
  const atExit = Math.abs(by.exitBps ?? 0) > Math.abs(by.entryBps);
  const leg = atExit && live.exit !== null ? live.exit : live.entry;
  const bps = Math.abs(atExit ? (by.exitBps ?? 0) : by.entryBps);
  const name = atExit ? 'exit' : 'entry';
  const ask = askOf(leg, session);
  const half = ask?.quote ? halfSpreadBps(ask.quote, session) : 0;
  if (bps > sameBps && bps <= half)
    return { cause: 'spread', why: `${name}: within half the spread and a tick, ${tell(half)} bps` };
  if (leg.taker) {
    const waited = ask === null ? 0 : leg.from - ask.at;
    const apart = 1e6 * Math.abs(atExit ? (by.exitSeconds ?? 0) : by.entrySeconds);
    if (waited > slowAfter)
      return { cause: 'latency', why: `${name}: filled ${tell(waited / 1e6)} s after it was wanted` };
    if (apart > slowAfter) return { cause: 'latency', why: `${name}: filled ${tell(apart / 1e6)} s apart` };
  }
  const later = Math.max(Math.abs(by.entrySeconds), Math.abs(by.exitSeconds ?? 0));
  if (!leg.taker && later * 1e6 > barLength)
    return { cause: 'queue', why: `an order that rested was filled ${tell(later)} s apart` };
  return { cause: 'unexplained', why: `${name}: ${tell(bps)} bps` };
}

function missed({ entry }: CycleTrade, { session, live }: Circumstances): Cause {
  const busy = live.find((other) => holdsAt(other, entry.from));
  if (busy) return { cause: 'queue', why: `live it was still in cycle ${busy.cycle}` };
  const resting = [...session.asks].find(
    ([id, { at }]) => at <= entry.to && (session.ended.get(id) ?? Number.POSITIVE_INFINITY) > entry.from,
  );
  if (resting) return { cause: 'queue', why: `order ${resting[0]} rested and was not filled then` };
  return { cause: 'unexplained', why: 'live no order was asked for' };
}

function extra({ entry }: CycleTrade, { backtest }: Circumstances): Cause {
  const busy = backtest.find((other) => holdsAt(other, entry.from));
  if (busy) return { cause: 'queue', why: `the backtest was still in its cycle ${busy.cycle}` };
  if (!entry.taker)
    return { cause: 'queue', why: 'an order that rested was filled; in the backtest the price did not go through it' };
  return { cause: 'unexplained', why: 'the backtest did not enter' };
}

const holdsAt = ({ entry, exit }: CycleTrade, at: number): boolean =>
  entry.from < at && (exit === null || exit.to > at);

const askOf = (leg: Leg, { asks }: Session) => asks.get(leg.orders[0] as Leg['orders'][number]) ?? null;

/** A price is rounded to a tick on both sides. */
function halfSpreadBps({ bidPrice, askPrice }: Quote, { instrument: { tickSize } }: Session): number {
  return Number(((askPrice - bidPrice + 2n * tickSize) * 5_000_000n) / bidPrice) / 1_000;
}

/** From the wish to the last fill of either, a bar wider. */
function spanOf(pair: Pair, barLength: Micros): Omit<Span, 'text'> {
  const legs = [pair.live, pair.backtest].flatMap((trade) =>
    trade ? [trade.entry, ...(trade.exit ? [trade.exit] : [])] : [],
  );
  return { from: openedAt(pair) - barLength, to: Math.max(...legs.map(({ to }) => to)) + barLength };
}

const meets = (left: Omit<Span, 'text'>, right: Omit<Span, 'text'>): boolean =>
  left.from <= right.to && left.to >= right.from;
const timeOf = (micros: number): string => new Date(micros / 1_000).toISOString().slice(11, 19);
const tell = (value: number): string => String(Math.round(value * 100) / 100);
