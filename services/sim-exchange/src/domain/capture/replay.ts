import {
  type CapturedDepth,
  type CapturedEvent,
  type CapturedSnapshot,
  type CapturedTrade,
  type DepthLevel,
  DepthSplice,
  type LineFault,
  type Lots,
  lotsMax,
  type RecordedBook,
  type TextLevel,
  type Ticks,
  ticksMax,
} from '@scalpstorm/matching';
import { parseWireUnits } from '../amounts.js';
import type { Exchange } from '../exchange.js';
import type { Market } from '../market.js';

/** Feeds captured events to a recorded market, one after the other. `now` stamps what clients see, in milliseconds. */
export class Replay {
  private readonly splice = new DepthSplice<CapturedDepth>();
  gaps = 0;

  constructor(
    private readonly exchange: Exchange,
    private readonly market: Market,
    private readonly book: RecordedBook,
  ) {}

  /** Null when the event was taken, else why it cannot be: then it changed nothing. */
  apply(event: CapturedEvent, now: number): LineFault | null {
    switch (event.kind) {
      case 'depth':
        return event.symbol === this.market.spec.wireSymbol ? this.applyDepth(event, now) : 'OTHER_SYMBOL';
      case 'trade':
        return event.symbol === this.market.spec.wireSymbol ? this.applyTrade(event, now) : 'OTHER_SYMBOL';
      case 'snapshot':
        return this.applySnapshot(event, now);
      case 'other':
        return null;
    }
  }

  private applySnapshot(snapshot: CapturedSnapshot, now: number): LineFault | null {
    const [bids, asks] = [this.levels(snapshot.bids), this.levels(snapshot.asks)];
    if (bids === null || asks === null) return 'OFF_TICK';
    const waiting = this.splice.snapshot(snapshot.lastUpdateId);
    if (waiting === null) return null;
    this.exchange.asOne(this.market, () => {
      this.exchange.settle(this.market, this.book.applySnapshot({ bids, asks, time: Number.NEGATIVE_INFINITY }), now);
      for (const event of waiting) this.applyDepth(event, now);
    });
    return null;
  }

  private applyDepth(event: CapturedDepth, now: number): LineFault | null {
    const [bids, asks] = [this.levels(event.bids), this.levels(event.asks)];
    if (bids === null || asks === null) return 'OFF_TICK';
    const step = this.splice.offer(event);
    if (step === 'apply-after-gap') this.gaps += 1;
    if (step !== 'apply' && step !== 'apply-after-gap') return null;
    this.exchange.settle(this.market, this.book.applyDepth({ bids, asks, time: event.eventTime }), now);
    return null;
  }

  /** What of a recorded trade filled our orders is told as their trades; the rest is told as it was: no lot twice. */
  private applyTrade(event: CapturedTrade, now: number): LineFault | null {
    const price = this.ticks(event.price);
    const quantity = this.lots(event.quantity);
    if (price === null || price === 0 || quantity === null) return 'OFF_TICK';
    if (quantity === 0) return null;
    const aggressor = event.buyerIsMaker ? 'sell' : 'buy';
    this.exchange.asOne(this.market, () => {
      const events = this.book.applyTrade({ price, quantity, aggressor, time: event.eventTime });
      this.exchange.settle(this.market, events, now);
      const ours = events.reduce((sum, one) => sum + (one.kind === 'traded' ? one.quantity : 0), 0);
      if (ours < quantity)
        this.exchange.print(this.market, {
          price,
          quantity: quantity - ours,
          buyerIsMaker: event.buyerIsMaker,
          time: now,
        });
    });
    return null;
  }

  private levels(texts: readonly TextLevel[]): DepthLevel[] | null {
    const levels: DepthLevel[] = [];
    for (const [price, quantity] of texts) {
      const [ticks, lots] = [this.ticks(price), this.lots(quantity)];
      if (ticks === null || ticks === 0 || lots === null) return null;
      levels.push([ticks, lots]);
    }
    return levels;
  }

  private ticks(text: string): Ticks | null {
    const units = parseWireUnits(text);
    const tick = BigInt(this.market.spec.tickUnits);
    if (units === null || units % tick !== 0n || units / tick > BigInt(ticksMax)) return null;
    return Number(units / tick);
  }

  /** Old orders may hold crumbs finer than a lot: nobody could take them, so they are cut off, never rounded up. */
  private lots(text: string): Lots | null {
    const units = parseWireUnits(text);
    if (units === null) return null;
    const lots = units / BigInt(this.market.spec.lotUnits);
    return lots > BigInt(lotsMax) ? null : Number(lots);
  }
}
