import { Controller } from '@nestjs/common';
import { Listens } from '@scalpstorm/bus';
import {
  type CandleChanged,
  candleChanged,
  type FeedStatusChanged,
  feedStatusChanged,
  type Meta,
  type PredictionMade,
  predictionMade,
  type QuoteChanged,
  quoteChanged,
  type TradeTicked,
  tradeTicked,
} from '@scalpstorm/contracts';
import type { Telling } from '@scalpstorm/engine';
import type { InstrumentId } from '@scalpstorm/model';
import { WallClock } from '@scalpstorm/observability';
import type { StrategyEvent } from '@scalpstorm/strategies';
import { Market } from '../ports/directory.js';
import { Fleet } from './fleet.js';
import type { Cause } from './order-sender.js';

/** Every price goes to the bots to whom it can matter; what they want leaves at once and is written down behind. */
@Controller()
export class MarketHandler {
  constructor(
    private readonly fleet: Fleet,
    private readonly market: Market,
    private readonly clock: WallClock,
  ) {}

  @Listens(quoteChanged, { newestOnly: true })
  onQuote({ meta, quote }: QuoteChanged): void {
    if (!this.market.onQuote(quote, this.telling(meta))) return;
    this.tell(quote.instrumentId, { kind: 'quote', quote }, { eventId: meta.eventId, marketAt: meta.recordedAt });
  }

  @Listens(tradeTicked)
  onTrade({ meta, trade }: TradeTicked): void {
    if (!this.market.onTrade(trade, this.telling(meta))) return;
    this.tell(trade.instrumentId, { kind: 'trade', trade }, { eventId: meta.eventId, marketAt: meta.recordedAt });
  }

  /** A price that may be old is no price: bots see none until the feed is live again. */
  @Listens(feedStatusChanged)
  onFeedStatus({ meta, status }: FeedStatusChanged): void {
    this.market.onStatus(status, this.telling(meta));
  }

  /** One more event, and nobody waits for it: a bot without it decides by what it has. */
  @Listens(predictionMade)
  onPrediction({ meta, prediction }: PredictionMade): void {
    if (!this.market.onPrediction(prediction, this.clock.now())) return;
    const cause = { eventId: meta.eventId, marketAt: prediction.occurredAt };
    for (const botId of this.fleet.onModel(prediction.instrumentId, prediction.model)) {
      if (this.fleet.step(botId, { kind: 'prediction' }, cause)) this.fleet.writes.writeSoon(botId);
    }
  }

  /** Closed ones alone; and once more when one is corrected, which changes no decision. */
  @Listens(candleChanged)
  onCandle({ meta, candle }: CandleChanged): void {
    if (this.market.onCandle(candle)) this.fleet.hearBars(candle, { eventId: meta.eventId, marketAt: meta.recordedAt });
  }

  private telling({ recordedAt }: Meta): Telling {
    return { recordedAt, heardAt: this.clock.now() };
  }

  private tell(instrumentId: InstrumentId, event: StrategyEvent, cause: Cause): void {
    const now = this.clock.now();
    for (const botId of this.fleet.heeding(instrumentId)) {
      if (this.fleet.step(botId, event, cause, now)) this.fleet.writes.writeSoon(botId);
    }
  }
}
