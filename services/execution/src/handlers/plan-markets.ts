import { Injectable } from '@nestjs/common';
import type { Prices } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type { InstrumentId } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { EmulatedMarket } from '../domain/emulated-market.js';
import { MarketEar } from '../ports/market-ear.js';

/** The markets of plans that wait for a target. What is old, crossed or of a feed that is not live decides nothing. */
@Injectable()
export class PlanMarkets {
  private readonly markets = new Map<InstrumentId, EmulatedMarket>();
  private readonly watched = new Set<InstrumentId>();
  private follower: (instrumentId: InstrumentId) => void = () => undefined;

  constructor(
    private readonly ear: MarketEar,
    private readonly log: Log,
  ) {}

  /** Calls when a market that is watched has moved. */
  follow(follower: (instrumentId: InstrumentId) => void): void {
    this.follower = follower;
  }

  /** From now on; whoever is listened to once is listened to until the process ends. */
  watch(instrumentId: InstrumentId): void {
    this.watched.add(instrumentId);
    if (this.markets.has(instrumentId)) return;
    const market = new EmulatedMarket();
    this.markets.set(instrumentId, market);
    const moved = () => {
      if (this.watched.has(instrumentId)) this.follower(instrumentId);
    };
    const listener = {
      onQuote: (...told: Parameters<EmulatedMarket['onQuote']>) => {
        market.onQuote(...told);
        moved();
      },
      onTrade: (...told: Parameters<EmulatedMarket['onTrade']>) => {
        market.onTrade(...told);
        moved();
      },
      onStatus: (...told: Parameters<EmulatedMarket['onStatus']>) => market.onStatus(...told),
    };
    this.ear.listen(instrumentId, listener).catch((error) => {
      // Asked again with the next plan there, or by whoever looks at one.
      this.markets.delete(instrumentId);
      this.log.warn({ instrumentId, error }, 'the market of a plan could not be listened to');
    });
  }

  forget(instrumentId: InstrumentId): void {
    this.watched.delete(instrumentId);
  }

  prices(instrumentId: InstrumentId, now: Timestamp): Prices | null {
    if (this.watched.has(instrumentId) && !this.markets.has(instrumentId)) this.watch(instrumentId);
    return this.markets.get(instrumentId)?.prices(now) ?? null;
  }
}
