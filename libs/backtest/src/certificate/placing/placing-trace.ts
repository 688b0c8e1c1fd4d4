import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { Strategy, WantedOrder } from '@scalpstorm/strategies';
import type { BacktestFault } from '../../fault.js';
import type { Lane } from '../../lane/lane.js';
import { type LaneMarketRules, type LanePlan, plainRules, usualBounds } from '../../lane/lane-options.js';
import { openLane } from '../../lane/open-lane.js';
import { StrategyStopped } from '../../lane/strategy-stopped.js';
import type { Listing } from '../../lane/venue.js';
import type { ExaminedPlacing } from './examined-placing.js';
import type { Moment } from './moments.js';
import { type Beginning, Witness } from './witness.js';

/** So rich that no check finds out how much an account has. In the quote; the same worth of the base, so that it may sell first. */
const riches = 1e9;
/** Nobody looks at the equity of an examination. */
const equityEvery = 30 * 86_400_000_000;
/** A price counts 10^-12, money 10^-18. */
const [priceUnit, moneyUnit] = [1e12, 10n ** 18n];

/** What a strategy that places orders asked for, and what it came to; by moment. */
export interface PlacingTrace {
  /** Orders and cancels that it asked for; empty where there were none. */
  readonly words: readonly string[];
  /** What it held, and its orders that stood, at the end of the moment. */
  readonly stands: readonly string[];
  /** Those of these orders that open something, as it asked for them. */
  readonly openings: readonly (readonly WantedOrder[])[];
  /** Where it asked to open something while it held nothing, by moment. */
  readonly beginnings: ReadonlyMap<number, Beginning>;
  /** What it had made, its holdings at the last price, in the quote. */
  readonly gain: Float64Array;
  /** Base held beyond what it had at first. */
  readonly held: Float64Array;
  /** The last price. */
  readonly price: Float64Array;
}

/** Other than an examination usually is. */
export interface PlacingRun {
  readonly moments?: readonly Moment[];
  readonly strategy?: Strategy;
  readonly rules?: Partial<LaneMarketRules>;
  /** Beside its riches, in 10^-18 of the quote. */
  readonly gained?: bigint;
}

/** All that it takes to play one. */
type Played = Pick<ExaminedPlacing, 'strategy' | 'parameters' | 'market' | 'moments'>;

/** Plays the exact way over moments, without costs, and writes down all that is asked for. */
export function traceOfPlacing(examined: Played, run: PlacingRun = {}): Result<PlacingTrace, BacktestFault> {
  const { moments = examined.moments, strategy = examined.strategy } = run;
  const witness = new Witness(examined.market.instrument.quote);
  const plan = planOf(examined, witness.beside(strategy), run);
  const opened = openLane(plan, () => new Set(['trades']));
  if (!opened.ok) return opened;
  const lane = opened.value;
  const book = new Book(lane, moments.length);
  const [words, stands]: [string[], string[]] = [[], []];
  const openings: (readonly WantedOrder[])[] = [];
  const beginnings = new Map<number, Beginning>();
  try {
    for (const [moment, { at, row }] of moments.entries()) {
      lane.play(0, row, at);
      lane.settle();
      words.push(witness.take());
      stands.push(witness.stands);
      openings.push(witness.openings);
      const beginning = witness.takeBeginning();
      if (beginning !== null) beginnings.set(moment, beginning);
      book.note(moment);
    }
  } catch (error) {
    if (error instanceof StrategyStopped) return fail(error.fault);
    throw error;
  }
  return ok({ words, stands, openings, beginnings, ...book.columns });
}

function planOf({ market, parameters }: Played, strategy: Strategy, run: PlacingRun): LanePlan {
  const { instrument, bars } = market;
  const { base, quote, symbol } = instrument;
  const { gained = 0n, rules = {} } = run;
  return {
    instruments: [instrument],
    bots: [{ strategy: strategy.id, parameters, symbol }],
    strategies: new Map([[strategy.id, strategy]]),
    balances: [
      { currency: quote, amount: BigInt(riches) * moneyUnit + gained },
      { currency: base, amount: BigInt(Math.ceil(riches / (bars.open[0] as number))) * moneyUnit },
    ],
    rules: { ...plainRules, feeIn: 'quote', ...rules },
    limits: {},
    equityEvery,
    seed: 1,
    bounds: usualBounds,
  };
}

/** What the account of a run comes to, moment by moment: statistics, no money. */
class Book {
  readonly columns: Pick<PlacingTrace, 'gain' | 'held' | 'price'>;
  private readonly start: { readonly base: bigint; readonly quote: bigint };

  constructor(
    private readonly lane: Lane,
    moments: number,
  ) {
    const column = () => new Float64Array(moments);
    this.columns = { gain: column(), held: column(), price: column() };
    this.start = this.totals;
  }

  note(moment: number): void {
    const { start, totals, columns } = this;
    const { market, scale } = this.listing;
    const price = Number(scale.price(market.view.last)) / priceUnit;
    const held = Number(totals.base - start.base) / Number(moneyUnit);
    columns.price[moment] = price;
    columns.held[moment] = held;
    columns.gain[moment] = Number(totals.quote - start.quote) / Number(moneyUnit) + held * price;
  }

  private get listing(): Listing {
    return this.lane.listings[0] as Listing;
  }

  private get totals() {
    const { base, quote } = this.listing.instrument;
    return { base: this.lane.wallet.total(base), quote: this.lane.wallet.total(quote) };
  }
}
