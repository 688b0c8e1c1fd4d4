import { setTimeout as delay } from 'node:timers/promises';
import type { Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId } from '@scalpstorm/model';
import type { Log } from '@scalpstorm/observability';
import { type MarketFeed, type SequencedTrade, VenueRefused, VenueUnreachable } from '@scalpstorm/venue-api';
import { gapsMax, type TradeGap } from '../domain/trade-sequence.js';

export interface GapSurroundings {
  readonly instrumentId: InstrumentId;
  readonly feed: MarketFeed;
  readonly log: Log;
  /** Trades that the stream left out, and perhaps others between them; oldest first. */
  readonly late: (trades: readonly SequencedTrade[]) => void;
  /** Nobody has them: the candles since then, by the venue's time, have to be mended by the venue's own. */
  readonly doubt: (since: Timestamp) => void;
  /** It was asked for: whatever of it has not come by now does not come any more. */
  readonly asked: (gap: TradeGap) => void;
  /** The venue's counter of the newest trade that was heard. */
  readonly newest: () => number | null;
  /** The stream of trades is dead, although the connection lives. */
  readonly dead: (detail: string) => void;
}

/** The venue gives no more in one answer. */
const refillMax = 1_000;
/** A trade that the answer tells may still be on its way on the stream. */
const underWayMs = 1_000;

/** From the first to the last of so many gaps; `since`: before all of them, and before the one that was asked for meanwhile. */
interface Missed extends TradeGap {
  readonly parts: number;
}

/** Asks the venue for trades that the stream did not tell: those of a hole, and those after a silence. */
export class TradeGaps {
  private probing = false;
  private asking: Missed | null = null;
  /** What came while one was asked for. */
  private waiting: Missed | null = null;

  constructor(private readonly around: GapSurroundings) {}

  /**
   * One question at a time: what is missed while it is under way is asked for together. More than the venue gives at once, or than
   * is told apart, is not asked for. What nobody has leaves the candles in doubt. Never throws for weather.
   */
  async refill(gap: TradeGap): Promise<void> {
    const { since } = this.waiting ?? this.asking ?? gap;
    const { from, to, parts } = this.waiting ?? { ...gap, parts: 0 };
    // The counter may have been set back between them.
    this.waiting = { from: Math.min(from, gap.from), to: Math.max(to, gap.to), since, parts: parts + 1 };
    if (this.asking !== null) return;
    try {
      for (this.take(); this.asking !== null; this.take()) {
        await this.ask(this.asking);
        this.around.asked(this.asking);
      }
    } finally {
      this.asking = null;
    }
  }

  private take(): void {
    this.asking = this.waiting;
    this.waiting = null;
  }

  private async ask({ from, to, since, parts }: Missed): Promise<void> {
    const { instrumentId, feed, log, late, doubt } = this.around;
    const fields = { instrument: instrumentId, from, to };
    try {
      const count = to - from + 1;
      const tooMany = count > refillMax || parts >= gapsMax;
      const found = tooMany ? [] : await feed.trades(instrumentId, from, count);
      const missing = found.filter(({ sequence }) => sequence !== null && sequence <= to);
      late(missing);
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
