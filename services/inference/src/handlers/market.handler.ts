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

/** Whether this one says what the market will do; of several on one bus, one does. */
export abstract class MarketSettings {
  abstract readonly predicts: boolean;
}

@Controller()
export class MarketHandler {
  constructor(
    private readonly predict: Predict,
    private readonly settings: MarketSettings,
  ) {}

  @Listens(quoteChanged)
  onQuote({ quote }: QuoteChanged): void {
    if (this.settings.predicts) this.predict.onQuote(quote);
  }

  @Listens(tradeTicked)
  onTrade({ trade }: TradeTicked): void {
    if (this.settings.predicts) this.predict.onTrade(trade);
  }

  @Listens(feedStatusChanged)
  onStatus({ status }: FeedStatusChanged): void {
    if (this.settings.predicts) this.predict.onStatus(status);
  }
}
