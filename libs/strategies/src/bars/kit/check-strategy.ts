import { type JsonObject, timeframeLength } from '@scalpstorm/model';
import { type BarColumns, type BarStrategy, type ConfiguredBarStrategy, wishes } from '../bar-strategy.js';
import { strategyOfModule } from '../strategy-of-module.js';
import { firstBars, walkingBars } from './markets.js';
import { type BarWish, freshDesk, play } from './play.js';

/** A strategy breaks a rule that the platform builds on. */
export class StrategyCheckFailed extends Error {
  override readonly name = 'StrategyCheckFailed';

  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}

export interface CheckedStrategy {
  /** What it wished at each bar. */
  readonly wishes: readonly BarWish[];
  readonly strategy: ConfiguredBarStrategy;
}

const walkLength = 600;
/** Shares of the bars at which it is cut off, or restarted. */
const cuts = [0, 0.1, 0.34, 0.5, 0.77, 0.99] as const;

/**
 * What holds for every strategy, in one call, in any test runner: it can be configured; two runs decide alike; bars that are not there yet
 * change nothing; a restart from its snapshot changes nothing; its kernel, if it has one, says what its decider says.
 * @param bars a market that it trades; one that goes both ways by default
 * @throws StrategyCheckFailed with everything that does not hold
 */
export function checkStrategy(strategy: BarStrategy, parameters: JsonObject = {}, bars?: BarColumns): CheckedStrategy {
  const shape = strategyOfModule({ strategy });
  if (!shape.ok) throw new StrategyCheckFailed(shape.error.faults.map(({ field, text }) => `${field}: ${text}`));
  const read = strategy.configure(parameters);
  if (!read.ok) throw new StrategyCheckFailed(read.error.map(({ field, text, next }) => `${field}: ${text} ${next}`));
  const configured = read.value;
  const market = bars ?? walkFor(configured);
  const whole = play(configured.decider(), market, configured);
  const faults = [
    ...firstApart('a second run', whole, play(configured.decider(), market, configured)),
    ...cuts.flatMap((share) => cutFaults(configured, market, whole, Math.floor(share * market.length))),
    ...kernelFaults(configured, market),
  ];
  if (faults.length > 0) throw new StrategyCheckFailed([...new Set(faults)]);
  return { wishes: whole, strategy: configured };
}

const walkFor = ({ warmUp, needs }: ConfiguredBarStrategy): BarColumns =>
  walkingBars(7, warmUp + walkLength, needs === null ? {} : { barSeconds: timeframeLength[needs.bars] / 1e6 });

function cutFaults(
  strategy: ConfiguredBarStrategy,
  bars: BarColumns,
  whole: readonly BarWish[],
  at: number,
): readonly string[] {
  const cut = firstBars(bars, at);
  const short = play(strategy.decider(), cut, strategy);
  const desk = freshDesk();
  const before = strategy.decider();
  play(before, bars, { ...strategy, to: at, desk });
  const after = strategy.decider();
  const text = JSON.stringify(before.snapshot());
  after.restore(JSON.parse(text) as JsonObject);
  const late = play(after, bars, { ...strategy, from: at, desk });
  return [
    ...firstApart(`data that ends before bar ${at}`, whole.slice(0, at), short),
    ...firstApart(`a restart before bar ${at}`, whole.slice(at), late),
    ...(JSON.stringify(before.snapshot()) === text
      ? []
      : [`a restart before bar ${at}: two snapshots in a row differ`]),
  ];
}

function kernelFaults({ kernel, warmUp, decider }: ConfiguredBarStrategy, bars: BarColumns): readonly string[] {
  if (kernel === null) return [];
  // A kernel says what is wished whatever is held: it is held against a decider that is never filled.
  const flat = play(decider(), bars, { warmUp: Number.POSITIVE_INFINITY });
  const into = new Int8Array(bars.length);
  kernel(bars, into);
  const said = (from: Int8Array) =>
    Array.from(from, (wish) => (wish === wishes.enter ? 'enter' : wish === wishes.exit ? 'exit' : null));
  const told = said(into);
  const apart = flat.find(({ bar, wish }) => bar >= warmUp && told[bar] !== wish);
  const half = Math.floor(bars.length / 2);
  const short = new Int8Array(half);
  kernel(firstBars(bars, half), short);
  const early = said(short).findIndex((wish, bar) => bar >= warmUp && wish !== told[bar]);
  const faults =
    early < 0
      ? []
      : [`the kernel knows tomorrow: at bar ${early} it says something else when the data ends at ${half}`];
  if (apart === undefined) return faults;
  return [...faults, `the kernel says ${told[apart.bar]} at bar ${apart.bar}, the decider ${apart.wish}`];
}

function firstApart(what: string, left: readonly BarWish[], right: readonly BarWish[]): readonly string[] {
  const at = left.findIndex((wish, index) => JSON.stringify(wish) !== JSON.stringify(right[index]));
  if (at < 0) return [];
  return [`${what} changes what it decides: ${JSON.stringify(left[at])} became ${JSON.stringify(right[at] ?? null)}`];
}
