import { expect } from '@jest/globals';
import { type Clock, second, Timestamp } from '@scalpstorm/kernel';
import type { Balance, Instrument, InstrumentId, Quote } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import type { ExecutionVenue } from '../execution-venue.js';
import type { MarketFeed } from '../market-feed.js';
import { RecordingExecutionListener, RecordingFeedListener } from './recording-listeners.js';
import { SmallOrders } from './small-orders.js';

/** A venue with a market in which somebody quotes and trades, and an account that can afford a few small orders. */
export interface VenueUnderTest {
  readonly instrumentId: InstrumentId;
  readonly clock: Clock;
  readonly feed: MarketFeed;
  /** Not opened yet. */
  readonly execution: ExecutionVenue;
  /** The same adapters at an address where nobody listens. */
  readonly deadFeed: MarketFeed;
  readonly deadExecution: ExecutionVenue;
  close(): Promise<void>;
}

/** A market moves when it likes. */
export const patience = { timeoutMs: 60_000 };

export interface Standing {
  readonly venue: VenueUnderTest;
  readonly instrument: Instrument;
  readonly orders: SmallOrders;
  readonly feedListener: RecordingFeedListener;
  readonly listener: RecordingExecutionListener;
  quote(): Quote;
  expiry(): { readonly expiresAt: Timestamp };
}

export async function stand(venue: VenueUnderTest): Promise<Standing> {
  const instrument = (await venue.feed.instruments()).find(({ id }) => id === venue.instrumentId);
  if (instrument === undefined) throw new Error(`the venue does not list ${venue.instrumentId}`);
  const feedListener = new RecordingFeedListener();
  const listener = new RecordingExecutionListener();
  await venue.feed.open(venue.instrumentId, feedListener);
  await venue.execution.open(listener);
  await eventually(() => expect(feedListener.quotes).not.toHaveLength(0), patience);
  const quote = (): Quote => {
    const last = feedListener.quotes.at(-1);
    if (last === undefined) throw new Error('no quote');
    return last;
  };
  const expiry = () => ({ expiresAt: Timestamp.plus(venue.execution.venueTime(), 5 * second) });
  return { venue, instrument, orders: new SmallOrders(instrument), feedListener, listener, quote, expiry };
}

export const totalOf = (balances: readonly Balance[], currency: string): bigint =>
  balances
    .filter((balance) => balance.currency === currency)
    .reduce((sum, { free, locked }) => sum + free.amount + locked.amount, 0n);
