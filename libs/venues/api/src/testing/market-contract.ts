import { expect, it } from '@jest/globals';
import { second, Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId, Price } from '@scalpstorm/model';
import { eventually } from '@scalpstorm/testkit';
import { RecordingFeedListener } from './recording-listeners.js';
import { patience, type Standing } from './standing.js';

/** What market data expects of a venue's feed. */
export function describeMarket(get: () => Standing): void {
  it('tells trades, changed quotes and an ordered book, with counters that only grow', async () => {
    const { feedListener, venue } = get();
    await eventually(() => {
      expect(feedListener.trades.length).toBeGreaterThanOrEqual(20);
      expect(feedListener.depths.length).toBeGreaterThanOrEqual(20);
    }, patience);
    expect(feedListener.statuses.at(-1)).toMatchObject({ instrumentId: venue.instrumentId, state: 'live' });
    const grows = (numbers: readonly number[]): boolean =>
      numbers.every((number, index) => index === 0 || number > (numbers[index - 1] ?? number));
    expect(grows(feedListener.quotes.map((quote) => quote.sequence))).toBe(true);
    expect(grows(feedListener.depths.map((depth) => depth.sequence))).toBe(true);
    expect(grows(feedListener.trades.map(({ sequence }, index) => sequence ?? index))).toBe(true);
    for (const { bids, asks } of feedListener.depths) {
      expect(bids.map((level) => level.price)).toEqual([...bids.map((level) => level.price)].sort(descending));
      expect(asks.map((level) => level.price)).toEqual(
        [...asks.map((level) => level.price)].sort(descending).reverse(),
      );
      expect((bids[0]?.price ?? 0n) < (asks[0]?.price ?? 1n)).toBe(true);
    }
  });

  it('gives back what it told: trades from a counter on, without a hole', async () => {
    const { feedListener, venue } = get();
    await eventually(() => expect(feedListener.trades.length).toBeGreaterThanOrEqual(5), patience);
    const told = feedListener.trades.slice(0, 5);
    const from = told[0]?.sequence;
    if (from === null || from === undefined) return;
    const trades = await venue.feed.trades(venue.instrumentId, from, 5);
    expect(trades.map((trade) => trade.sequence)).toEqual(told.map((trade) => trade.sequence));
    expect(trades.map(({ trade }) => trade)).toEqual(told.map(({ trade }) => trade));
  });

  it('gives the best prices of now, of all that are asked for', async () => {
    const { venue } = get();
    const asked = await venue.feed.serverTime();
    const [quote, ...others] = await venue.feed.quotes([venue.instrumentId]);
    expect(others).toEqual([]);
    expect(quote?.instrumentId).toBe(venue.instrumentId);
    expect((quote?.bidPrice ?? 1n) < (quote?.askPrice ?? 0n)).toBe(true);
    // Give and take half a round trip: the measurement of the clock is no better.
    expect(quote?.occurredAt).toBeGreaterThan(asked - 10 * second);
    expect(await venue.feed.quotes([])).toEqual([]);
  });

  it('knows the time of the venue before it tells anything', () => {
    expect(get().venue.feed.clockOffset).not.toBeNull();
  });

  it('gives candles from a time on, without a hole, the last one open', async () => {
    const { venue } = get();
    const now = await venue.feed.serverTime();
    const since = Timestamp.fromMicros(now - (now % (60 * second)) - 300 * second);
    const candles = await venue.feed.candles(venue.instrumentId, '1m', since, 10);
    expect(candles.length).toBeGreaterThanOrEqual(1);
    expect(candles.every(({ openedAt }, index) => openedAt === (candles[0]?.openedAt ?? 0) + index * 60 * second)).toBe(
      true,
    );
    expect(candles.every((candle) => candle.openedAt >= since)).toBe(true);
    expect(candles.map((candle) => candle.closed)).toEqual(candles.map((_, index) => index < candles.length - 1));
  });

  it('refuses an instrument that it does not list', async () => {
    const { venue } = get();
    const unknown = `${venue.feed.venue}:NO-SUCH` as InstrumentId;
    await expect(venue.feed.open(unknown, new RecordingFeedListener())).rejects.toMatchObject({
      name: 'VenueRefused',
      code: 'VENUE_UNKNOWN_INSTRUMENT',
    });
  });
}

const descending = (left: Price, right: Price): number => (left === right ? 0 : left > right ? -1 : 1);
