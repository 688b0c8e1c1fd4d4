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
import { Predict } from './predict.js';

@Controller()
export class MarketHandler {
  constructor(private readonly predict: Predict) {}

  @Listens(quoteChanged)
  onQuote({ quote }: QuoteChanged): void {
    this.predict.onQuote(quote);
  }

  @Listens(tradeTicked)
  onTrade({ trade }: TradeTicked): void {
    this.predict.onTrade(trade);
  }

  @Listens(feedStatusChanged)
  onStatus({ status }: FeedStatusChanged): void {
    this.predict.onStatus(status);
  }
}
