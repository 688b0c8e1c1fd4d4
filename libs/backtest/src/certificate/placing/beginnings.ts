import { ok, type Result } from '@scalpstorm/kernel';
import type { WantedOrder } from '@scalpstorm/strategies';
import type { BacktestFault, BacktestWarning } from '../../fault.js';
import { failed, passed } from '../certificate.js';
import { wordsOf } from '../examined.js';
import { settlingBars, type WarmUpFinding } from '../memory-checks.js';
import { type ExaminedPlacing, momentName } from './examined-placing.js';
import { momentsInBar } from './moments.js';
import { begunAt } from './other-lives.js';
import { type PlacingTrace, traceOfPlacing } from './placing-trace.js';
import { type Beginning, textOf } from './witness.js';

const startsMax = 12;
/** What is done together from a beginning on, at most. */
const stretchMax = 100 * momentsInBar;
/** A ladder asks for its orders a few at a time: before that it has not yet asked for all of them. */
const askedIn = 2 * momentsInBar;
const next =
  'Decide by the market of the moment, by what is measured of it, and by the own fills: by nothing that depends on where the data begin.';

/** Where another one went another way. */
interface Difference {
  /** In words. */
  readonly text: string;
  /** Of a ladder: they are at odds about an order that both have, and not only about which of its rungs have one. */
  readonly isOfOneOrder: boolean;
}

/** A moment at which it began anew, up to where it does so once more. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly beginning: Beginning;
}

/**
 * What a strategy does while it holds something follows from its fills, and these from where the data begin: nothing can be said of that.
 * Where it holds nothing and asks to open something, one that was started there must ask for the same and go the same way, until both begin
 * anew. Of a ladder it is only warned of where other rungs have an order, which hangs on which had one before, and was filled: what opens
 * something on the same rung at the same price must be the same order. What it measures of the market (an average range, a volume-weighted
 * price) has heard so many bars before that, of which there are enough.
 */
export function checkBeginnings(examined: ExaminedPlacing, whole: PlacingTrace): Result<WarmUpFinding, BacktestFault> {
  const { warmUp, lanes } = examined;
  const settling = warmUp === 0 ? 0 : warmUp + settlingBars(warmUp);
  const stretches = stretchesOf(examined, whole, settling);
  if (stretches.length === 0) return ok(notCompared(warmUp));
  let late = 0;
  let another: string | null = null;
  for (const stretch of stretches) {
    const soon = differenceOf(examined, whole, stretch, 2 * warmUp);
    if (!soon.ok) return soon;
    if (soon.value === null) continue;
    const settled = settling > 0 ? differenceOf(examined, whole, stretch, settling) : soon;
    if (!settled.ok) return settled;
    if (settled.value === null) late += 1;
    else if (lanes > 1 && !settled.value.isOfOneOrder) another = settled.value.text;
    else return ok({ check: failed('warm-up', settled.value.text, next), warning: null });
  }
  if (another !== null) return ok(hangsOnOrders(another));
  const heard =
    warmUp === 0 ? '' : `, its measures of ${warmUp} bars having heard ${late === 0 ? 2 * warmUp : settling} of them,`;
  const text = `begun where it held nothing, at ${stretches.length} other times${heard} it asks for the same and goes the same way.`;
  return ok({ check: passed('warm-up', text), warning: late > 0 ? settlesLate(warmUp, late, stretches.length) : null });
}

/** A ladder that may have fewer orders than it has rungs keeps those that it asked for first. */
const hangsOnOrders = (difference: string): WarmUpFinding => ({
  check: passed(
    'warm-up',
    'its rungs wait for one another, so that one that begins elsewhere may have orders on others; of those that both have none differs.',
  ),
  warning: {
    code: 'HANGS_ON_ORDERS',
    text: `Which orders it has hangs on which it had before, and so on where the data begin: ${difference}`,
    next: 'Let it have as many orders as rungs, or look at it over other data, too.',
  },
});

const notCompared = (warmUp: number): WarmUpFinding => ({
  check: passed('warm-up', 'after its first order it never asked to open anything while it held nothing.'),
  warning: {
    code: 'BEGINNING_NOT_COMPARED',
    text: `There is no other time at which it could have begun${warmUp === 0 ? '' : ' after its measures have settled'}: what it does follows from its fills, and these from where the data begin.`,
    next: 'Look at it over other data, or more of them, too; of its result believe less.',
  },
});

const settlesLate = (warmUp: number, late: number, starts: number): BacktestWarning => ({
  code: 'SETTLES_LATE',
  text: `what it measures of the market takes longer than its ${warmUp} bars once more to forget where it began: so at ${late} of ${starts} beginnings.`,
  next: `Believe what it does in the ${settlingBars(warmUp)} bars after its measures are first known less.`,
});

/** Evenly over all that there are. */
function stretchesOf({ moments }: ExaminedPlacing, whole: PlacingTrace, settling: number): readonly Stretch[] {
  const all = [...whole.beginnings].filter(
    ([moment, { at }]) => moment > 0 && at === moments[moment]?.at && moment >= momentsInBar * settling,
  );
  const step = Math.max(1, Math.ceil(all.length / startsMax));
  return all
    .filter((_, place) => place % step === 0)
    .map(([from, beginning]) => ({ from, to: endOf(whole, from), beginning }));
}

/** Where it holds nothing again, after it has held something. */
function endOf({ beginnings, held }: PlacingTrace, from: number): number {
  const most = Math.min(held.length, from + stretchMax);
  let hasHeld = false;
  for (let moment = from; moment < most; moment += 1) {
    if (hasHeld && moment > from && beginnings.has(moment)) return moment;
    hasHeld ||= held[moment] !== 0;
  }
  return most;
}

/** Where another one, begun there, goes another way: the first time, but of a ladder rather the first at which one order differs; null: nowhere. */
function differenceOf(
  examined: ExaminedPlacing,
  whole: PlacingTrace,
  { from, to, beginning }: Stretch,
  barsHeard: number,
): Result<Difference | null, BacktestFault> {
  const { moments, market, strategy, lanes } = examined;
  const first = momentsInBar * Math.max(0, Math.floor(from / momentsInBar) - barsHeard);
  const run = traceOfPlacing(examined, {
    moments: moments.slice(first, to),
    strategy: begunAt(strategy, beginning.at),
    gained: beginning.gained,
  });
  if (!run.ok) return run;
  const differs = (moment: number, here: string | undefined, there: string | undefined, isOfOneOrder: boolean) => {
    const text = `begun at ${momentName(market, from)}, where it held nothing, it stands at ${momentName(market, moment)} with ${wordsOf(here)} instead of ${wordsOf(there)}.`;
    return { text, isOfOneOrder };
  };
  let another: Difference | null = null;
  const asked = Math.min(from + askedIn, to - 1);
  for (let moment = lanes > 1 ? from : asked; moment < to; moment += 1) {
    const [here, there] = [run.value.stands[moment - first], whole.stands[moment]];
    if (here === there) continue;
    if (moment >= asked) another ??= differs(moment, here, there, false);
    if (lanes === 1) break;
    const pair = unlikePair(run.value.openings[moment - first] ?? [], whole.openings[moment] ?? [], lanes);
    if (pair !== null) return ok(differs(moment, ...pair, true));
  }
  return ok(another);
}

/** The first two that open something on the same rung at the same price, and are not the same order; null: none are so. */
function unlikePair(
  here: readonly WantedOrder[],
  there: readonly WantedOrder[],
  lanes: number,
): readonly [string, string] | null {
  for (const one of here) {
    const other = there.find(({ slot, price }) => price === one.price && slot.cycle % lanes === one.slot.cycle % lanes);
    if (other !== undefined && textOf(other) !== textOf(one)) return [textOf(one), textOf(other)];
  }
  return null;
}
