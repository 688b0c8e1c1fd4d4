import { setTimeout as delay } from 'node:timers/promises';
import type { Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { type MarketFeed, type SequencedTrade, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import type { TradeGap } from '../domain/trade-sequence.js';

export interface GapSurroundings {
  readonly instrumentId: InstrumentId;
  readonly feed: MarketFeed;
  readonly log: Log;
  /** A trade that the stream left out. */
  readonly late: (trade: SequencedTrade) => void;
  /** Nobody has them: the candles since then, by the venue's time, have to be mended by the venue's own. */
  readonly doubt: (since: Timestamp) => void;
  /** The venue's counter of the newest trade that was heard. */
  readonly newest: () => number | null;
  /** The stream of trades is dead, although the connection lives. */
  readonly dead: (detail: string) => void;
}

/** The venue gives no more in one answer. */
const refillMax = 1_000;
/** A trade that the answer tells may still be on its way on the stream. */
const underWayMs = 1_000;

/** Asks the venue for trades that the stream did not tell: those of a hole, and those after a silence. */
export class TradeGaps {
  private probing = false;

  constructor(private readonly around: GapSurroundings) {}

  /** What nobody has leaves the candles in doubt. Never throws for weather. */
  async refill({ from, to, since }: TradeGap): Promise<void> {
    const { instrumentId, feed, log, late, doubt } = this.around;
    const fields = { instrument: instrumentId, from, to };
    try {
      const count = to - from + 1;
      const found = count > refillMax ? [] : await feed.trades(instrumentId, from, count);
      const missing = found.filter(({ sequence }) => sequence !== null && sequence <= to);
      for (const trade of missing) late(trade);
      if (missing.length < count) doubt(since);
      log.info({ ...fields, found: missing.length }, 'a gap in the trades');
    } catch (error) {
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
      doubt(since);
      log.warn({ ...fields, error }, 'a gap in the trades could not be filled; the candles are fetched');
    }
  }

  /** A silent stream: has the venue traded meanwhile? Then it is dead, and what it left out is told late. */
  async probe(): Promise<void> {
    const { instrumentId, feed, newest, log } = this.around;
    const heard = newest();
    if (this.probing || heard === null) return;
    this.probing = true;
    try {
      const found = await feed.trades(instrumentId, heard + 1, refillMax);
      const last = found.at(-1)?.sequence ?? null;
      if (last === null) return;
      await delay(underWayMs, undefined, { ref: false });
      if ((newest() ?? last) >= last) return;
      const text = `the venue has traded up to ${last}, the stream told up to ${heard}`;
      log.warn({ instrument: instrumentId }, text);
      this.around.dead(text);
    } catch (error) {
      // The venue does not answer; the next probe asks again.
      if (!(error instanceof VenueUnreachable || error instanceof VenueRefused)) throw error;
    } finally {
      this.probing = false;
    }
  }
}
