import type { Micros } from '@scalpstorm/kernel';
import { type Fill, Money, Price, Quantity } from '@scalpstorm/model';
import { type Cause, causeOf, type GapCause, gapCauses } from './cause-of.js';
import { type CycleTrade, cycleTradesOf, type Leg } from './cycle-trade.js';
import { differencesOf } from './differences.js';
import { type Pair, pairTrades } from './pair-trades.js';
import type { Edition, Session, Span } from './session.js';

/** A leg as it is told: exact texts, times in microseconds. */
export interface ToldLeg {
  readonly at: number;
  readonly price: string;
  readonly quantity: string;
  readonly fills: number;
  readonly liquidity: 'maker' | 'taker';
}

export interface ToldTrade {
  readonly cycle: number;
  readonly entry: ToldLeg;
  readonly exit: ToldLeg | null;
  readonly fees: string;
}

export interface GapRow extends Cause {
  readonly kind: 'both' | 'missed' | 'extra';
  readonly side: 'long' | 'short';
  readonly live: ToldTrade | null;
  readonly backtest: ToldTrade | null;
  /** Positive is worse live; null where one of them has none. */
  readonly entryBps: number | null;
  readonly exitBps: number | null;
  /** Positive is later live. */
  readonly entrySeconds: number | null;
  readonly exitSeconds: number | null;
  /** Live less backtest, in the quote asset. */
  readonly fees: string | null;
}

export interface GapTotals {
  readonly live: number;
  readonly backtest: number;
  readonly both: number;
  readonly missed: number;
  readonly extra: number;
  /** Of what both have; null: there is none. The first two are means. */
  readonly entryBps: number | null;
  readonly exitBps: number | null;
  readonly fees: string;
  readonly causes: Readonly<Record<GapCause, number>>;
}

export interface GapReport {
  readonly currency: string;
  readonly rows: readonly GapRow[];
  readonly totals: GapTotals;
}

/** The backtest of one part of a session. */
export interface Shadow {
  readonly edition: Edition;
  readonly fills: readonly Fill[];
  /** When the bars opened of which its market was made, ascending. */
  readonly openedAt: readonly number[];
  readonly barLength: Micros;
}

/** Trades whose entries are further apart are two: so many bars, at least so many seconds. */
const toleranceBars = 2;
const toleranceMin: Micros = 5_000_000;
/** Where nothing is traded there is no bar; so many in a row are not that any more. */
const quietBars = 10;

/**
 * What the backtest would have done in a session, trade by trade, and why it was otherwise.
 * @param shadows of each of its editions, in their order
 */
export function gapReport(session: Session, shadows: readonly Shadow[]): GapReport {
  const { quote: currency } = session.instrument;
  const live = cycleTradesOf(session.fills, session.instrument);
  const parts = shadows.map((shadow) => pairsOf(session, shadow, live));
  const pairs = parts.flatMap((part) => part.pairs);
  const rows = parts.flatMap(({ pairs, around }) => pairs.map((pair) => rowOf(pair, causeOf(pair, around))));
  return { currency, rows, totals: totalsOf(rows, pairs, session) };
}

function pairsOf(session: Session, shadow: Shadow, live: readonly CycleTrade[]) {
  const { edition, fills, openedAt, barLength } = shadow;
  const backtest = cycleTradesOf(fills, session.instrument).filter(enteredIn(edition));
  // The venue's clock is not ours: what was traded is of some part.
  const isFirst = edition === session.editions[0];
  const isLast = edition === session.editions.at(-1);
  const entered = enteredIn({
    from: isFirst ? Number.NEGATIVE_INFINITY : edition.from,
    to: isLast ? Number.POSITIVE_INFINITY : edition.to,
  });
  const pairs = pairTrades(live.filter(entered), backtest, Math.max(toleranceMin, toleranceBars * barLength));
  const around = { session, barLength, holes: holesOf(openedAt, barLength, edition), live, backtest };
  return { pairs, around };
}

const enteredIn =
  ({ from, to }: Pick<Edition, 'from' | 'to'>) =>
  ({ entry }: CycleTrade): boolean =>
    entry.from >= from && entry.from <= to;

/** Where bars are missing in a part of the session, at its beginning and end, too. */
function holesOf(openedAt: readonly number[], length: Micros, { from, to }: Edition): readonly Span[] {
  const holes: Span[] = [];
  const text = 'no bars';
  let known = Math.min(from, openedAt[0] ?? from);
  for (const opened of [...openedAt, to]) {
    if (opened > known + quietBars * length && opened >= from)
      holes.push({ from: Math.max(known, from), to: opened, text });
    known = Math.max(known, opened + length);
  }
  return holes;
}

function rowOf(pair: Pair, cause: Cause): GapRow {
  const { live, backtest } = pair;
  const by = live && backtest ? differencesOf(live, backtest) : null;
  return {
    kind: live === null ? 'missed' : backtest === null ? 'extra' : 'both',
    side: (live ?? (backtest as CycleTrade)).side,
    ...cause,
    live: live && toldTrade(live),
    backtest: backtest && toldTrade(backtest),
    entryBps: by?.entryBps ?? null,
    exitBps: by?.exitBps ?? null,
    entrySeconds: by?.entrySeconds ?? null,
    exitSeconds: by?.exitSeconds ?? null,
    fees: by === null ? null : Money.format(by.fees),
  };
}

const toldTrade = ({ cycle, entry, exit, fees }: CycleTrade): ToldTrade => ({
  cycle,
  entry: toldLeg(entry),
  exit: exit && toldLeg(exit),
  fees: Money.format(fees),
});

const toldLeg = ({ from, price, quantity, fills, taker }: Leg): ToldLeg => ({
  at: from,
  price: Price.format(price),
  quantity: Quantity.format(quantity),
  fills,
  liquidity: taker ? 'taker' : 'maker',
});

function totalsOf(rows: readonly GapRow[], pairs: readonly Pair[], { instrument: { quote } }: Session): GapTotals {
  const count = (kind: GapRow['kind']): number => rows.filter((row) => row.kind === kind).length;
  const fees = pairs.flatMap(({ live, backtest }) => (live && backtest ? [differencesOf(live, backtest).fees] : []));
  const causes = gapCauses.map((cause) => [cause, rows.filter((row) => row.cause === cause).length]);
  return {
    live: count('both') + count('extra'),
    backtest: count('both') + count('missed'),
    both: count('both'),
    missed: count('missed'),
    extra: count('extra'),
    entryBps: meanOf(rows.map(({ entryBps }) => entryBps)),
    exitBps: meanOf(rows.map(({ exitBps }) => exitBps)),
    fees: Money.format(fees.reduce(Money.plus, Money.zero(quote))),
    causes: Object.fromEntries(causes) as Record<GapCause, number>,
  };
}

function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}
