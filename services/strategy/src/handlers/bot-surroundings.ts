import type { OrderChanged } from '@scalpstorm/contracts';
import { type Micros, second, type Timestamp } from '@scalpstorm/kernel';
import { type Currency, type Instrument, InstrumentId, isFinal, type Priced } from '@scalpstorm/model';
import type { LiveBot, Surroundings } from '../domain/advance.js';
import type { Runnable } from '../domain/prepare.js';
import type { AccountFunds } from '../ports/account-funds.js';
import type { Directory, Market } from '../ports/directory.js';

/** A fee is small: a price of some minutes ago is nearer to it than none, and its time is kept with it. */
const feePriceAgeMax: Micros = 600 * second;

export interface SurroundingsParts {
  readonly market: Market;
  readonly directory: Directory;
  readonly funds: AccountFunds;
}

/** What there is around a bot at this moment, out of memory alone. */
export class BotSurroundings {
  constructor(private readonly parts: SurroundingsParts) {}

  of(live: LiveBot, { configured, instrument }: Runnable, now: Timestamp): Surroundings {
    const { market, directory, funds } = this.parts;
    const { instrumentId, accountId } = live.bot.config;
    const { vwap, atr, prediction, bars } = market.measures(instrumentId, configured.measures, now);
    return {
      configured,
      instrument: directory.knownInstrument(instrumentId, accountId) ?? instrument,
      quote: market.quote(instrumentId, now),
      trade: market.trade(instrumentId, now),
      vwap,
      atr,
      prediction,
      bars,
      funds: configured.measures.funds === true ? funds.of(accountId, instrument, now) : null,
      priceOf: (currency) => this.priceOf(currency, instrument, now),
      now,
    };
  }

  /** What an order has moved, or freed by its end, the account has to tell anew. */
  heard({ order, event, meta }: OrderChanged, now: Timestamp): void {
    const { request, status } = order;
    if (event.kind === 'filled') this.parts.funds.outdate(request.accountId, event.fill.occurredAt, now);
    else if (isFinal(status)) this.parts.funds.outdate(request.accountId, meta.occurredAt, now);
  }

  /** The last trade that was heard, not too long ago; else it is asked for behind, see `ValueFees`. */
  private priceOf(currency: Currency, { venue, quote }: Instrument, now: Timestamp): Priced | null {
    const trade = this.parts.market.lastTrade(InstrumentId.of(venue, `${currency}-${quote}`));
    if (trade === null || now - trade.occurredAt > feePriceAgeMax) return null;
    return { price: trade.price, at: trade.occurredAt };
  }
}
