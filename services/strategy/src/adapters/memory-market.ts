import { second, type Timestamp } from '@scalpstorm/kernel';
import type { BotId, FeedStatus, InstrumentId, Prediction, Quote, Trade } from '@scalpstorm/model';
import type { MeasureWish } from '@scalpstorm/strategies';
import { Market, type Measured } from '../ports/directory.js';
import { MarketMeasures } from './market-measures.js';

/** market-data repeats itself every second in a quiet market too: after this long it is gone, and its prices with it. */
const silenceMax = 5 * second;

interface View {
  readonly state: FeedStatus['state'];
  readonly quote: Quote | null;
  readonly trade: Trade | null;
  /** By our clock, when the feed was last heard of as live. */
  readonly heardAt: Timestamp;
}

/** A prediction from further ahead rests on a clock that is wrong. */
const aheadMax = second;
/** Models that speak of one instrument; who loads more than this is told nothing of the oldest. */
const modelsMax = 16;

/** In memory; the number of instruments is what the venues list, so it is bounded. */
export class MemoryMarket extends Market {
  private readonly views = new Map<InstrumentId, View>();
  private readonly folds = new MarketMeasures();
  private readonly predictions = new Map<InstrumentId, Map<string, Prediction>>();

  quote(id: InstrumentId, now: Timestamp): Quote | null {
    return this.fresh(id, now)?.quote ?? null;
  }

  trade(id: InstrumentId, now: Timestamp): Trade | null {
    return this.fresh(id, now)?.trade ?? null;
  }

  onQuote(quote: Quote, now: Timestamp): boolean {
    const view = this.view(quote.instrumentId, now);
    if (view.state === 'live') this.views.set(quote.instrumentId, { ...view, quote, heardAt: now });
    return view.state === 'live';
  }

  onTrade(trade: Trade, now: Timestamp): boolean {
    const view = this.view(trade.instrumentId, now);
    if (view.state !== 'live') return false;
    this.views.set(trade.instrumentId, { ...view, trade, heardAt: now });
    this.folds.onTrade(trade);
    return true;
  }

  onPrediction(prediction: Prediction, now: Timestamp): boolean {
    const { instrumentId, model, occurredAt, validUntil } = prediction;
    const ofInstrument = this.predictions.get(instrumentId) ?? new Map<string, Prediction>();
    const known = ofInstrument.get(model);
    if (now > validUntil || occurredAt > now + aheadMax) return false;
    if (known && now <= known.validUntil && known.occurredAt >= occurredAt) return false;
    // Newest last, so that the first is the one that was silent longest.
    ofInstrument.delete(model);
    ofInstrument.set(model, prediction);
    const [oldest] = ofInstrument.keys();
    if (ofInstrument.size > modelsMax && oldest !== undefined) ofInstrument.delete(oldest);
    this.predictions.set(instrumentId, ofInstrument);
    return true;
  }

  /** What was heard before a feed broke is not the market after it: a feed that is live again begins with nothing. */
  onStatus({ instrumentId, state }: FeedStatus, now: Timestamp): void {
    const { quote, trade } = this.view(instrumentId, now);
    const kept = state === 'live' ? { quote, trade } : { quote: null, trade: null };
    this.views.set(instrumentId, { ...kept, state, heardAt: now });
  }

  want(botId: BotId, id: InstrumentId, wish: MeasureWish): void {
    this.folds.want(botId, id, wish);
  }

  drop(botId: BotId, id: InstrumentId): void {
    this.folds.drop(botId, id);
  }

  measures(id: InstrumentId, { vwapWindow, atr, model }: MeasureWish, now: Timestamp): Measured {
    const wanted = (vwapWindow !== null || atr !== null) && this.trade(id, now) !== null;
    return {
      vwap: wanted && vwapWindow !== null ? this.folds.vwap(id, vwapWindow, now) : null,
      atr: wanted && atr !== null ? this.folds.atr(id, atr) : null,
      prediction: model === undefined ? null : this.prediction(id, model, now),
    };
  }

  private prediction(id: InstrumentId, model: string, now: Timestamp): Prediction | null {
    const newest = this.predictions.get(id)?.get(model);
    return newest && now <= newest.validUntil ? newest : null;
  }

  /** A feed of which no state was heard yet speaks for itself by its prices. */
  private view(id: InstrumentId, now: Timestamp): View {
    const known = this.views.get(id);
    if (!known) return { state: 'live', quote: null, trade: null, heardAt: now };
    return now - known.heardAt > silenceMax ? { ...known, quote: null, trade: null } : known;
  }

  private fresh(id: InstrumentId, now: Timestamp): View | null {
    const view = this.views.get(id);
    return view && now - view.heardAt <= silenceMax ? view : null;
  }
}
