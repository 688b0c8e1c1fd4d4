import { assert, ok, type Result } from '@scalpstorm/kernel';
import type { Instrument } from '@scalpstorm/model';
import type { DataKind } from '../data/market-row.js';
import { Scale } from '../data/scale.js';
import type { BacktestFault } from '../fault.js';
import { BookMarket } from './book-market.js';
import { withTierRates } from './fees.js';
import { Lane } from './lane.js';
import type { LaneMarket, MarketEar } from './lane-market.js';
import type { LanePlan } from './lane-options.js';
import { seatBots } from './seat-bots.js';
import { TapeMarket } from './tape-market.js';
import type { Listing } from './venue.js';

/**
 * The path of orders of a plan, ready for its first row of data.
 * @param kindsOf what there is of the market of a symbol
 */
export function openLane(
  plan: LanePlan,
  kindsOf: (symbol: string) => ReadonlySet<DataKind>,
): Result<Lane, BacktestFault> {
  const instruments = plan.instruments.map((instrument) => withTierRates(instrument, plan.rules));
  const seats = seatBots(plan, instruments);
  if (!seats.ok) return seats;
  const [first] = instruments;
  assert(first !== undefined, 'a run without an instrument');
  const ear = new LateEar();
  const listings = instruments.map((instrument) => listingOf(plan, instrument, kindsOf(instrument.symbol), ear));
  const lane = new Lane(plan, listings, seats.value, first.quote);
  ear.to = lane.venue;
  return ok(lane);
}

/** A book where one was recorded, else what the trades or the bars tell. */
function listingOf({ rules }: LanePlan, instrument: Instrument, kinds: ReadonlySet<DataKind>, ear: MarketEar): Listing {
  const scale = new Scale(instrument);
  const hasBook = kinds.has('book') || kinds.has('capture');
  const market: LaneMarket = hasBook ? new BookMarket(ear) : new TapeMarket(rules, scale, kinds.has('trades'), ear);
  return { instrument, scale, market };
}

/** Markets speak to the venue, and the venue is made of markets. */
class LateEar implements MarketEar {
  to: MarketEar | null = null;
  affords: MarketEar['affords'] = (order, cost) => this.there.affords(order, cost);
  accepted: MarketEar['accepted'] = (order) => this.there.accepted(order);
  ended: MarketEar['ended'] = (order, end) => this.there.ended(order, end);
  filled: MarketEar['filled'] = (order, lots, ticks, liquidity) => this.there.filled(order, lots, ticks, liquidity);

  private get there(): MarketEar {
    assert(this.to !== null, 'a market spoke before its venue was there');
    return this.to;
  }
}
