import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import {
  type FeedStatusChanged,
  feedStatusChanged,
  type QuoteChanged,
  quoteChanged,
  type TradeTicked,
  tradeTicked,
} from '@scalpstorm/contracts';
import { WallClock } from '@scalpstorm/observability';
import { MarketViews } from '../domain/market-views.js';

/** Reference prices and their age. The age counts from when we heard it: a recorded market tells its own times. */
@Controller()
export class MarketHandler {
  constructor(
    private readonly market: MarketViews,
    private readonly clock: WallClock,
  ) {}

  @Listens(quoteChanged)
  onQuote({ quote }: QuoteChanged): void {
    this.market.onQuote(quote, this.clock.now());
  }

  @Listens(tradeTicked)
  onTrade({ trade }: TradeTicked): void {
    this.market.onTrade(trade, this.clock.now());
  }

  @Listens(feedStatusChanged)
  onStatus({ status }: FeedStatusChanged): void {
    this.market.onStatus(status, this.clock.now());
  }
}
