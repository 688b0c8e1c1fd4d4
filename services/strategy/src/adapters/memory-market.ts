import { knownUntil, type Telling } from '@scalpstorm/engine';
import { type Micros, second, Timestamp } from '@scalpstorm/kernel';
import type { BotId, Candle, FeedStatus, InstrumentId, Prediction, Quote, Trade } from '@scalpstorm/model';
import type { MeasureWish } from '@scalpstorm/strategies';
import { Market, type Measured, type WantedBars } from '../ports/directory.js';
import { MarketBars } from './market-bars.js';
import { MarketMeasures } from './market-measures.js';

/** market-data repeats itself every second in a quiet market too: what is older is gone, and whoever tells it is too late. */
const ageMax = 5 * second;

interface Heard<Event> {
  readonly event: Event;
  /** Until when it alone was right, by our clock. */
  readonly madeAt: Timestamp;
}

interface View {
  readonly state: FeedStatus['state'];
  readonly quote: Heard<Quote> | null;
  readonly trade: Heard<Trade> | null;
  /** By our clock; a word that the feed is live makes it later, too. Undefined before the first event. */
  readonly knownUntil: Timestamp | undefined;
  /** How far the clock of the venue is ahead of ours, as market-data measured it. */
  readonly clockOffset: Micros;
}

const unheard: View = { state: 'live', quote: null, trade: null, knownUntil: undefined, clockOffset: 0 };

/** A prediction from further ahead rests on a clock that is wrong. */
const aheadMax = second;
/** Models that speak of one instrument; who loads more than this is told nothing of the oldest. */
const modelsMax = 16;

/** In memory; the number of instruments is what the venues list, so it is bounded. */
export class MemoryMarket extends Market {
  private readonly views = new Map<InstrumentId, View>();
  private readonly lastTrades = new Map<InstrumentId, Trade>();
  private readonly folds = new MarketMeasures();
  private readonly bars = new MarketBars();
  private readonly predictions = new Map<InstrumentId, Map<string, Prediction>>();

  quote(id: InstrumentId, now: Timestamp): Quote | null {
    return this.fresh(id, now)?.quote?.event ?? null;
  }

  trade(id: InstrumentId, now: Timestamp): Trade | null {
    return this.fresh(id, now)?.trade?.event ?? null;
  }

  lastTrade(id: InstrumentId): Trade | null {
    return this.lastTrades.get(id) ?? null;
  }

  /** One that stands is told again and again, so its age counts from when market-data last said it. */
  onQuote(quote: Quote, telling: Telling): boolean {
    const view = this.view(quote.instrumentId, telling.heardAt);
    const known = current(view.quote, telling);
    const overtaken = known?.occurredAt === quote.occurredAt && known.sequence > quote.sequence;
    if (view.state !== 'live' || overtaken || isOlder(quote, known)) return false;
    const heard = { event: quote, madeAt: knownUntil(undefined, telling.recordedAt, telling) };
    this.keep(quote.instrumentId, { ...view, quote: heard }, heard.madeAt, telling);
    return isFresh(heard.madeAt, telling.heardAt);
  }

  /** Told once: it is as old as itself. */
  onTrade(trade: Trade, telling: Telling): boolean {
    const view = this.view(trade.instrumentId, telling.heardAt);
    if (view.state !== 'live' || isOlder(trade, current(view.trade, telling))) return false;
    const ours = Timestamp.plus(trade.occurredAt, -view.clockOffset);
    const heard = { event: trade, madeAt: knownUntil(undefined, ours, telling) };
    this.keep(trade.instrumentId, { ...view, trade: heard }, heard.madeAt, telling);
    this.folds.onTrade(trade);
    this.lastTrades.set(trade.instrumentId, trade);
    return isFresh(heard.madeAt, telling.heardAt);
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
  onStatus({ instrumentId, state, clockOffset }: FeedStatus, telling: Telling): void {
    const view = this.view(instrumentId, telling.heardAt);
    const kept = state === 'live' ? view : { ...view, quote: null, trade: null };
    const next = { ...kept, state, clockOffset: clockOffset ?? view.clockOffset };
    this.keep(instrumentId, next, telling.recordedAt, telling);
  }

  onCandle(candle: Candle): boolean {
    return this.bars.onCandle(candle);
  }

  barsDue(now: Timestamp): readonly WantedBars[] {
    return this.bars.due(now);
  }

  learnBars(wanted: WantedBars, history: readonly Candle[]): boolean {
    return this.bars.learn(wanted, history);
  }

  want(botId: BotId, id: InstrumentId, wish: MeasureWish): void {
    this.folds.want(botId, id, wish);
    this.bars.want(botId, id, wish.bars);
  }

  drop(botId: BotId, id: InstrumentId): void {
    this.folds.drop(botId, id);
    this.bars.drop(botId, id);
  }

  measures(id: InstrumentId, { vwapWindow, atr, model, bars }: MeasureWish, now: Timestamp): Measured {
    const wanted = (vwapWindow !== null || atr !== null) && this.trade(id, now) !== null;
    return {
      vwap: wanted && vwapWindow !== null ? this.folds.vwap(id, vwapWindow, now) : null,
      atr: wanted && atr !== null ? this.folds.atr(id, atr) : null,
      prediction: model === undefined ? null : this.prediction(id, model, now),
      bars: bars === undefined ? null : this.bars.of(id, bars),
    };
  }

  private prediction(id: InstrumentId, model: string, now: Timestamp): Prediction | null {
    const newest = this.predictions.get(id)?.get(model);
    return newest && now <= newest.validUntil ? newest : null;
  }

  private keep(id: InstrumentId, view: View, madeAt: Timestamp, telling: Telling): void {
    this.views.set(id, { ...view, knownUntil: knownUntil(view.knownUntil, madeAt, telling) });
  }

  /** A feed of which no state was heard yet speaks for itself by its prices. */
  private view(id: InstrumentId, now: Timestamp): View {
    const known = this.views.get(id) ?? unheard;
    return isFresh(known.knownUntil, now) ? known : { ...known, quote: null, trade: null };
  }

  private fresh(id: InstrumentId, now: Timestamp): View | null {
    const view = this.views.get(id);
    return view && isFresh(view.knownUntil, now) ? view : null;
  }
}

/** Nor is it when it lies ahead: our clock was put back then. */
const isFresh = (madeAt: Timestamp | undefined, now: Timestamp): boolean =>
  madeAt !== undefined && Math.abs(now - madeAt) <= ageMax;

/** What nobody has repeated for so long stands in no other's way: the clock of a venue can be put back, too. */
const current = <Event>(heard: Heard<Event> | null, { heardAt }: Telling): Event | null =>
  heard && isFresh(heard.madeAt, heardAt) ? heard.event : null;

const isOlder = <Event extends { readonly occurredAt: Timestamp }>(event: Event, known: Event | null): boolean =>
  known !== null && event.occurredAt < known.occurredAt;
