import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import {
  type CandleChanged,
  candleChanged,
  type FeedStatusChanged,
  feedStatusChanged,
  type QuoteChanged,
  quoteChanged,
  type TradeTicked,
  tradeTicked,
} from '@scalpstorm/contracts';
import { MarketBoard } from '../../domain/market-board.js';

/** Keeps the newest prices and candles in memory. */
@Controller()
export class MarketEventsHandler {
  constructor(private readonly board: MarketBoard) {}

  @Listens(quoteChanged, { newestOnly: true })
  quoteChanged(event: QuoteChanged): void {
    this.board.quote(event.quote);
  }

  @Listens(tradeTicked)
  tradeTicked(event: TradeTicked): void {
    this.board.trade(event.trade);
  }

  @Listens(candleChanged)
  candleChanged(event: CandleChanged): void {
    this.board.candle(event.candle);
  }

  @Listens(feedStatusChanged)
  feedStatusChanged(event: FeedStatusChanged): void {
    this.board.feed(event.status);
  }
}
