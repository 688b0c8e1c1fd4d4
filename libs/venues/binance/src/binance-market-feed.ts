import type { Timestamp } from '@scalpstorm/kernel';
import type { Candle, Instrument, InstrumentId, Quote, Timeframe, VenueId } from '@scalpstorm/model';
import {
  type CircuitState,
  type ClockOffset,
  type FeedListener,
  type FeedSubscription,
  MarketFeed,
  type SequencedTrade,
  VenueRefused,
} from '@scalpstorm/venue-api';
import { environmentOf } from './addresses.js';
import { type CcxtBinance, createCcxtBinance } from './ccxt-binance.js';
import { InstrumentChannel } from './instrument-channel.js';
import { type BinanceOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { parseExchangeInfo } from './parse-instruments.js';
import { parseBookTickers, parseCandles, parseRestTrades } from './parse-market.js';
import { PublicSocket } from './public-socket.js';
import { repeatedly } from './repeatedly.js';
import { BinanceRest } from './rest.js';
import { SymbolDirectory, venueSymbol } from './symbols.js';

const rowsMax = 1_000;
/** Names of more than this make an address too long; then all that the venue has are asked for. */
const namedMax = 100;

/** Public market data of Binance spot, or of any address that speaks its protocol. */
export class BinanceMarketFeed extends MarketFeed {
  private readonly directory = new SymbolDirectory();
  private readonly rest: BinanceRest;
  private readonly channels = new Map<InstrumentId, InstrumentChannel>();
  private sockets: PublicSocket[] = [];
  private socketsOpened = 0;
  private stopClock: (() => void) | null = null;
  private measuring: Promise<unknown> | null = null;

  private constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
  ) {
    super();
    this.rest = new BinanceRest(exchange, options);
  }

  /** Loads ccxt; touches no network. @throws BadAddresses */
  static async create(options: BinanceOptions): Promise<BinanceMarketFeed> {
    const resolved = resolveOptions(options);
    environmentOf(resolved.addresses);
    return new BinanceMarketFeed(await createCcxtBinance(resolved, null), resolved);
  }

  get venue(): VenueId {
    return this.options.venue;
  }

  get clockOffset(): ClockOffset | null {
    return this.rest.clockOffset;
  }

  override get circuit(): CircuitState {
    return this.rest.circuit;
  }

  async instruments(): Promise<readonly Instrument[]> {
    const { venue, fees, onNotice } = this.options;
    const info = await this.rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.publicGetExchangeInfo({}),
      read: (payload) => parseExchangeInfo(payload, venue, fees),
    });
    this.rest.adoptLimits(info.limits);
    this.directory.replace(info.instruments);
    if (info.skipped.length > 0)
      onNotice({ code: 'SYMBOLS_SKIPPED', text: `${info.skipped.length}, e.g. ${JSON.stringify(info.skipped[0])}` });
    return info.instruments;
  }

  async open(instrumentId: InstrumentId, listener: FeedListener): Promise<FeedSubscription> {
    if (this.directory.size === 0) await this.instruments();
    await this.knowClock();
    const symbol = this.symbolOf(instrumentId);
    if (this.channels.has(instrumentId)) throw new Error(`${instrumentId} is subscribed already`);
    const restart = (mine: InstrumentChannel, detail: string): void => {
      this.sockets.some((socket) => socket.restart(mine, detail));
    };
    const around = { rest: this.rest, options: this.options, restart };
    const channel = new InstrumentChannel(instrumentId, symbol, listener, around);
    this.channels.set(instrumentId, channel);
    this.socketWithRoom().add(channel);
    return {
      restart: (detail) => restart(channel, detail),
      close: async () => {
        this.channels.delete(instrumentId);
        this.sockets.some((socket) => socket.remove(channel));
      },
    };
  }

  async candles(
    instrumentId: InstrumentId,
    timeframe: Timeframe,
    since: Timestamp,
    limit: number,
  ): Promise<readonly Candle[]> {
    const symbol = this.symbolOf(instrumentId);
    const query = { symbol, interval: timeframe, startTime: Math.ceil(since / 1_000), limit: Math.min(limit, rowsMax) };
    let askedAt = this.rest.venueTimeAtLeast();
    return this.rest.ask({
      cost: { weight: 2, orders: 0 },
      priority: 'read',
      send: (exchange) => {
        askedAt = this.rest.venueTimeAtLeast();
        return exchange.publicGetKlines(query);
      },
      read: (payload) => parseCandles(payload, { instrumentId, timeframe }, askedAt),
    });
  }

  /** The venue gives the newest 1,000 without a key: what is older than that stays lost here, `candles` has it. */
  async trades(instrumentId: InstrumentId, fromSequence: number, limit: number): Promise<readonly SequencedTrade[]> {
    const query = { symbol: this.symbolOf(instrumentId), limit: rowsMax };
    const trades = await this.rest.ask({
      cost: { weight: 25, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.publicGetTrades(query),
      read: (payload) => parseRestTrades(payload, instrumentId),
    });
    const wanted = trades.filter((trade) => trade.sequence !== null && trade.sequence >= fromSequence);
    return wanted.sort((left, right) => (left.sequence ?? 0) - (right.sequence ?? 0)).slice(0, limit);
  }

  /** Before orders that can wait, because what is decided from a price is: it costs as good as nothing. */
  async quotes(instrumentIds: readonly InstrumentId[]): Promise<readonly Quote[]> {
    if (instrumentIds.length === 0) return [];
    await this.knowClock();
    const wanted = new Map(instrumentIds.map((id) => [this.symbolOf(id), id]));
    const [only, ...others] = [...wanted.keys()];
    const named = wanted.size > namedMax ? {} : { symbols: JSON.stringify([only, ...others]) };
    let askedAt = this.rest.venueTime();
    return this.rest.ask({
      cost: { weight: others.length === 0 ? 2 : 4, orders: 0 },
      priority: 'order',
      send: (exchange) => {
        askedAt = this.rest.venueTime();
        return exchange.publicGetTickerBookTicker(others.length === 0 ? { symbol: only } : named);
      },
      read: (payload) => parseBookTickers(payload, (symbol) => wanted.get(symbol) ?? null, askedAt),
    });
  }

  async serverTime(): Promise<Timestamp> {
    return this.rest.serverTime();
  }

  async close(): Promise<void> {
    this.stopClock?.();
    for (const socket of this.sockets) socket.close();
    this.rest.close();
    this.sockets = [];
    this.channels.clear();
  }

  /** Whoever comes while it is measured waits too; a failure is weather, and the next one measures. */
  private async knowClock(): Promise<void> {
    this.stopClock ??= repeatedly(this.options.clockInterval, () => this.rest.synchronizeClock());
    if (this.rest.clockOffset !== null) return;
    this.measuring ??= this.rest.synchronizeClock().finally(() => {
      this.measuring = null;
    });
    await this.measuring;
  }

  private socketWithRoom(): PublicSocket {
    const roomy = this.sockets.find((socket) => socket.free);
    if (roomy !== undefined) return roomy;
    const socket = new PublicSocket(
      this.exchange,
      `${this.options.addresses.spotWs}/${this.socketsOpened}`,
      this.options,
    );
    this.socketsOpened += 1;
    this.sockets.push(socket);
    return socket;
  }

  private symbolOf(instrumentId: InstrumentId): string {
    const symbol = venueSymbol(instrumentId, this.venue);
    if (symbol !== null && this.directory.find(symbol)?.id === instrumentId) return symbol;
    const next = 'choose one of instruments()';
    throw new VenueRefused(this.venue, 'VENUE_UNKNOWN_INSTRUMENT', `no instrument ${instrumentId}`, next);
  }
}
