import type { Timestamp } from '@scalpstorm/kernel';
import type { Candle, Instrument, InstrumentId, Timeframe, VenueId } from '@scalpstorm/model';
import {
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
import { parseCandles, parseRestTrades } from './parse-market.js';
import { PublicSocket } from './public-socket.js';
import { repeatedly } from './repeatedly.js';
import { BinanceRest } from './rest.js';
import { SymbolDirectory, venueSymbol } from './symbols.js';

const rowsMax = 1_000;

/** Public market data of Binance spot, or of any address that speaks its protocol. */
export class BinanceMarketFeed extends MarketFeed {
  private readonly directory = new SymbolDirectory();
  private readonly rest: BinanceRest;
  private readonly channels = new Map<InstrumentId, InstrumentChannel>();
  private sockets: PublicSocket[] = [];
  private socketsOpened = 0;
  private stopClock: (() => void) | null = null;

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
    if (this.stopClock === null) {
      this.stopClock = repeatedly(this.options.clockInterval, () => this.rest.synchronizeClock());
      await this.rest.synchronizeClock();
    }
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
    return this.rest.ask({
      cost: { weight: 2, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.publicGetKlines(query),
      read: (payload) => parseCandles(payload, { instrumentId, timeframe }, this.rest.venueTime()),
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
