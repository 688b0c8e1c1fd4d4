import type { Telling } from '@scalpstorm/engine';
import type { Timestamp } from '@scalpstorm/kernel';
import type {
  Account,
  BotId,
  Candle,
  FeedStatus,
  Instrument,
  InstrumentId,
  Prediction,
  Price,
  Quote,
  Timeframe,
  Trade,
} from '@scalpstorm/model';
import type { MeasureWish } from '@scalpstorm/strategies';

/** What there is to trade, and where; asked of the services that own it. */
export abstract class Directory {
  /**
   * Null: no such instrument. With the fees that the account pays; without an account those of the dearest one at the venue;
   * the venue's usual ones until execution has told them. @throws NoAnswer when market-data does not answer and nothing is
   * remembered.
   */
  abstract instrument(id: InstrumentId, accountId?: string): Promise<Instrument | null>;
  /** Only what is remembered: for the hot path. */
  abstract knownInstrument(id: InstrumentId, accountId?: string): Instrument | null;
  /** Asks anew, because venues change their filters. @throws NoAnswer; what is remembered stays then. */
  abstract refresh(): Promise<void>;
  /** Of a venue, as far as they are remembered. */
  abstract symbols(venue: string): readonly string[];
  /** The last one that market-data remembers, however old; null when it knows none, or does not answer soon. */
  abstract lastPrice(id: InstrumentId): Promise<Price | null>;
  abstract accounts(): Promise<readonly Account[]>;
}

export interface Measured {
  readonly vwap: Price | null;
  readonly atr: Price | null;
  readonly prediction: Prediction | null;
  readonly bars: readonly Candle[] | null;
}

/** Closed bars of an instrument that bots decide by. */
export interface WantedBars {
  readonly instrumentId: InstrumentId;
  readonly timeframe: Timeframe;
}

/** The newest market data of every instrument that is heard. Old data is no data: the readers give null for it. */
export abstract class Market {
  abstract quote(id: InstrumentId, now: Timestamp): Quote | null;
  abstract trade(id: InstrumentId, now: Timestamp): Trade | null;
  /** The last that was the market when it was heard, however old: for what may be valued later. */
  abstract lastTrade(id: InstrumentId): Trade | null;
  /** False: its feed is not live, it came too late, or a newer one is known: this is not the market, and nobody may act on it. */
  abstract onQuote(quote: Quote, telling: Telling): boolean;
  abstract onTrade(trade: Trade, telling: Telling): boolean;
  /** False: it is stale already, from the future, or older than what is known. */
  abstract onPrediction(prediction: Prediction, now: Timestamp): boolean;
  /** True when it is one more closed bar that somebody wants. */
  abstract onCandle(candle: Candle): boolean;
  /** Bars whose history is to be asked for now, which they then count as. */
  abstract barsDue(now: Timestamp): readonly WantedBars[];
  /** True when there are more bars than before. */
  abstract learnBars(wanted: WantedBars, history: readonly Candle[]): boolean;
  abstract onStatus(status: FeedStatus, telling: Telling): void;
  /** From now on these are measured for the bot, and no others. */
  abstract want(botId: BotId, id: InstrumentId, wish: MeasureWish): void;
  abstract drop(botId: BotId, id: InstrumentId): void;
  /** What was wanted, as far as it can be told: averages with a fresh trade alone, a prediction while it is valid, bars without a hole. */
  abstract measures(id: InstrumentId, wish: MeasureWish, now: Timestamp): Measured;
}
