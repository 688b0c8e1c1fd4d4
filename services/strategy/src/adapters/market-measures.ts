import type { Micros, Timestamp } from '@scalpstorm/kernel';
import type { BotId, InstrumentId, Price, Trade } from '@scalpstorm/model';
import {
  type Atr,
  type AtrWish,
  atrAfter,
  atrValue,
  emptyAtr,
  emptyVwap,
  type MeasureWish,
  type Vwap,
  vwapAfter,
  vwapAt,
} from '@scalpstorm/strategies';

interface Kept<Measure> {
  measure: Measure;
  /** What was told last: the many bots that hear one price all ask for the same moment. */
  told?: { readonly of: Measure; readonly at: Timestamp; readonly value: Price | null };
  readonly bots: Set<BotId>;
}

type ByInstrument<Measure> = Map<InstrumentId, Map<string, Kept<Measure>>>;

/** Measures that bots count their prices from: one fold for all bots that want the same, and none that nobody wants. */
export class MarketMeasures {
  private readonly vwaps: ByInstrument<Vwap> = new Map();
  private readonly atrs: ByInstrument<Atr> = new Map();

  want(botId: BotId, instrumentId: InstrumentId, { vwapWindow, atr }: MeasureWish): void {
    this.drop(botId, instrumentId);
    if (vwapWindow !== null) keep(this.vwaps, instrumentId, `${vwapWindow}`, () => emptyVwap(vwapWindow)).add(botId);
    if (atr !== null) keep(this.atrs, instrumentId, keyOf(atr), () => emptyAtr(atr)).add(botId);
  }

  drop(botId: BotId, instrumentId: InstrumentId): void {
    drop(this.vwaps.get(instrumentId), botId);
    drop(this.atrs.get(instrumentId), botId);
  }

  onTrade(trade: Trade): void {
    for (const kept of this.vwaps.get(trade.instrumentId)?.values() ?? [])
      kept.measure = vwapAfter(kept.measure, trade);
    for (const kept of this.atrs.get(trade.instrumentId)?.values() ?? []) kept.measure = atrAfter(kept.measure, trade);
  }

  vwap(instrumentId: InstrumentId, window: Micros, now: Timestamp): Price | null {
    const kept = this.vwaps.get(instrumentId)?.get(`${window}`);
    if (!kept) return null;
    if (kept.told?.of !== kept.measure || kept.told.at !== now)
      kept.told = { of: kept.measure, at: now, value: vwapAt(kept.measure, now) };
    return kept.told.value;
  }

  atr(instrumentId: InstrumentId, wish: AtrWish): Price | null {
    const kept = this.atrs.get(instrumentId)?.get(keyOf(wish));
    return kept ? atrValue(kept.measure) : null;
  }

  get size(): number {
    return [...this.vwaps.values(), ...this.atrs.values()].reduce((sum, measures) => sum + measures.size, 0);
  }
}

const keyOf = ({ period, interval }: AtrWish): string => `${period}:${interval}`;

function keep<Measure>(all: ByInstrument<Measure>, id: InstrumentId, key: string, empty: () => Measure): Set<BotId> {
  const ofInstrument = all.get(id) ?? new Map<string, Kept<Measure>>();
  all.set(id, ofInstrument);
  const kept = ofInstrument.get(key) ?? { measure: empty(), bots: new Set<BotId>() };
  ofInstrument.set(key, kept);
  return kept.bots;
}

function drop<Measure>(measures: Map<string, Kept<Measure>> | undefined, botId: BotId): void {
  for (const [key, { bots }] of measures ?? []) {
    bots.delete(botId);
    if (bots.size === 0) measures?.delete(key);
  }
}
