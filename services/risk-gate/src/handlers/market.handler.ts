import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import {
  type FeedStatusChanged,
  feedStatusChanged,
  type Meta,
  type QuoteChanged,
  quoteChanged,
  type TradeTicked,
  tradeTicked,
} from '@scalpstorm/contracts';
import type { Telling } from '@scalpstorm/engine';
import { WallClock } from '@scalpstorm/observability';
import { MarketViews } from '../domain/market-views.js';

/** Reference prices, and until when they are right: by the venue's clock, and by when market-data told them and we heard it. */
@Controller()
export class MarketHandler {
  constructor(
    private readonly market: MarketViews,
    private readonly clock: WallClock,
  ) {}

  @Listens(quoteChanged, { newestOnly: true, beforeStreams: true })
  onQuote({ quote, meta }: QuoteChanged): void {
    this.market.onQuote(quote, this.telling(meta));
  }

  @Listens(tradeTicked, { beforeStreams: true })
  onTrade({ trade, meta }: TradeTicked): void {
    this.market.onTrade(trade, this.telling(meta));
  }

  @Listens(feedStatusChanged, { beforeStreams: true })
  onStatus({ status, meta }: FeedStatusChanged): void {
    this.market.onStatus(status, this.telling(meta));
  }

  private telling({ recordedAt }: Meta): Telling {
    return { recordedAt, heardAt: this.clock.now() };
  }
}
