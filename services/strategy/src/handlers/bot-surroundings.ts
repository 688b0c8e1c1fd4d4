import type { Clock, Timestamp } from '@scalpstorm/kernel';
import { type Currency, type Instrument, InstrumentId, type Price } from '@scalpstorm/model';
import type { LiveBot, Surroundings } from '../domain/advance.js';
import type { Runnable } from '../domain/prepare.js';
import type { Directory, Market } from '../ports/directory.js';

export interface SurroundingsParts {
  readonly market: Market;
  readonly directory: Directory;
  readonly clock: Clock;
}

/** What there is around a bot at this moment, out of memory alone. */
export class BotSurroundings {
  constructor(private readonly parts: SurroundingsParts) {}

  of(live: LiveBot, { configured, instrument }: Runnable): Surroundings {
    const { market, directory, clock } = this.parts;
    const { instrumentId, accountId } = live.bot.config;
    const now = clock.now();
    const { vwap, atr, prediction } = market.measures(instrumentId, configured.measures, now);
    return {
      configured,
      instrument: directory.knownInstrument(instrumentId, accountId) ?? instrument,
      quote: market.quote(instrumentId, now),
      trade: market.trade(instrumentId, now),
      vwap,
      atr,
      prediction,
      priceOf: (currency) => this.priceOf(currency, instrument, now),
      now,
    };
  }

  private priceOf(currency: Currency, { venue, quote }: Instrument, now: Timestamp): Price | null {
    return this.parts.market.trade(InstrumentId.of(venue, `${currency}-${quote}`), now)?.price ?? null;
  }
}
