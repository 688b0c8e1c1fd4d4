import type { Bus } from '@scalpstorm/bus';
import type { Contract } from '@scalpstorm/contracts';
import { Timestamp } from '@scalpstorm/kernel';
import { type Candle, type Instrument, Price, type Quote, type Timeframe, TradeId } from '@scalpstorm/model';
import { Metrics } from '@scalpstorm/observability';
import { RecordingLog } from '@scalpstorm/observability/testing';
import { anInstrument, aTrade, FakeClock } from '@scalpstorm/testkit';
import { type ClockOffset, MarketFeed, type SequencedTrade, VenueUnreachable } from '@scalpstorm/venue-api';
import { Turns } from '../src/domain/turns.js';
import { InstrumentFollower } from '../src/handlers/instrument-follower.js';
import { MarketMetrics } from '../src/market-metrics.js';
import { MarketMemory } from '../src/ports/market-memory.js';

/** A venue whose answers the test writes. */
export class ScriptedFeed extends MarketFeed {
  readonly venue = anInstrument().venue;
  clockOffset: ClockOffset | null = { offset: 0, roundTrip: 0, measuredAt: Timestamp.fromMicros(0) };
  known: readonly SequencedTrade[] = [];
  best: readonly Quote[] = [];
  reachable = true;
  tradesAsked = 0;
  readonly quotesAsked: (readonly Quote['instrumentId'][])[] = [];
  readonly asked: Timeframe[] = [];
  readonly askedSince = new Map<Timeframe, Timestamp>();
  candle: Candle | null = null;

  constructor(private readonly clock: FakeClock) {
    super();
  }

  async instruments() {
    return [anInstrument()];
  }
  async open() {
    return { restart: () => undefined, close: async () => undefined };
  }
  async candles(_: unknown, timeframe: Timeframe, since: Timestamp, _limit: number): Promise<readonly Candle[]> {
    this.check();
    this.asked.push(timeframe);
    this.askedSince.set(timeframe, since);
    const { candle } = this;
    const over = candle !== null && this.clock.now() >= candle.openedAt + 1_000_000;
    return over && candle.timeframe === timeframe && candle.openedAt >= since ? [candle] : [];
  }
  async trades(_: unknown, from: number, limit: number) {
    this.tradesAsked += 1;
    this.check();
    return this.known.filter(({ sequence }) => (sequence ?? 0) >= from).slice(0, limit);
  }
  async quotes(instrumentIds: readonly Quote['instrumentId'][]) {
    this.quotesAsked.push(instrumentIds);
    this.check();
    return this.best.filter(({ instrumentId }) => instrumentIds.includes(instrumentId));
  }
  async serverTime() {
    return this.clock.now();
  }
  async close() {}

  private check(): void {
    if (!this.reachable) throw new VenueUnreachable(this.venue, 'VENUE_UNREACHABLE', 'scripted');
  }
}

export class Forgetful extends MarketMemory {
  async keepLastPrice() {}
  async lastPrice() {
    return null;
  }
  async keepCandles() {}
}

export const tradeOf = (sequence: number, clock: FakeClock, price = '100'): SequencedTrade => ({
  sequence,
  trade: {
    ...aTrade(),
    instrumentId: anInstrument().id,
    tradeId: TradeId.of(String(sequence)),
    price: Price.of(price),
    occurredAt: clock.now(),
  },
});

/** Followers of instruments of one scripted venue, by a clock that the test turns, and what they said. */
export function followerScene(
  clock = new FakeClock(Timestamp.fromMicros(1_800_000_000_000_000)),
  venue?: ScriptedFeed,
  memory: MarketMemory = new Forgetful(),
) {
  const feed = venue ?? new ScriptedFeed(clock);
  const said: { readonly name: string; readonly event: Record<string, unknown> }[] = [];
  const publish = (contract: Contract<unknown>, event: unknown) =>
    void said.push({ name: contract.name, event: event as Record<string, unknown> });
  const bus: { publish: typeof publish; state: string; reconnects: number } = {
    publish,
    state: 'connected',
    reconnects: 0,
  };
  const registry = new Metrics('market-data');
  const metrics = new MarketMetrics(registry);
  const log = new RecordingLog();
  const follow = (instrument: Instrument = anInstrument()) =>
    new InstrumentFollower(instrument, feed, {
      bus: bus as unknown as Bus,
      clock,
      memory,
      metrics,
      log,
      limits: { staleAfter: 5_000_000, outage: { pollAfter: 5_000_000, polledFor: 3_000_000 } },
      turns: new Turns(1),
    });
  const named = (name: string) => said.filter((one) => one.name === name).map(({ event }) => event);
  const ticked = () => named('TradeTicked').map(({ trade }) => (trade as { tradeId: string }).tradeId);
  const states = () => named('FeedStatusChanged').map(({ status }) => (status as { state: string }).state);
  /** The closed one-second candles, newest version last. */
  const closedSeconds = () =>
    named('CandleChanged')
      .map(({ candle }) => candle as Candle)
      .filter(({ closed, timeframe }) => closed && timeframe === '1s');
  return { clock, feed, said, bus, registry, metrics, log, follow, named, ticked, states, closedSeconds };
}
