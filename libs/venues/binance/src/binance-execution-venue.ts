import { second, type Timestamp } from '@scalpstorm/kernel';
import type { Balance, ClientOrderId, FeeRates, InstrumentId, OrderRequest, VenueId } from '@scalpstorm/model';
import {
  type CancelOutcome,
  type CancelRequest,
  type ClockOffset,
  type ExecutionListener,
  ExecutionVenue,
  type FillsQuery,
  type PlaceOptions,
  type PlaceOutcome,
  type VenueFill,
  type VenueOrderView,
  VenueRefused,
} from '@scalpstorm/venue-api';
import { AccountQuestions } from './account-questions.js';
import { AccountStream } from './account-stream.js';
import { environmentOf, requireOneEnvironment } from './addresses.js';
import { type CcxtBinance, createCcxtBinance } from './ccxt-binance.js';
import { FeeBook } from './fee-book.js';
import { fieldsOf, text, UnreadablePayload } from './fields.js';
import { Holdings } from './holdings.js';
import { OpenOrderCount } from './open-order-count.js';
import { type BinanceCredentials, type BinanceOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { OrderRequests } from './order-requests.js';
import { type KeyPermissions, parseOrderRow } from './parse-account.js';
import { parseExchangeInfo } from './parse-instruments.js';
import { refreshInterval } from './reference-prices.js';
import { repeatedly } from './repeatedly.js';
import { BinanceRest } from './rest.js';
import { SymbolDirectory, venueSymbol } from './symbols.js';
import type { VenueRules } from './venue-rules.js';

const queryRecvWindowMs = 5_000;
/** Venues change filters and list symbols without telling. */
const directoryInterval = 600 * second;

/** One Binance spot account. Placement goes out once, with our id, our exact texts and its own expiry. */
export class BinanceExecutionVenue extends ExecutionVenue {
  private readonly directory = new SymbolDirectory();
  private rules: ReadonlyMap<InstrumentId, VenueRules> = new Map();
  private readonly openCount = new OpenOrderCount();
  private readonly holdings = new Holdings();
  private readonly rest: BinanceRest;
  private readonly requests: OrderRequests;
  private readonly questions: AccountQuestions;
  private readonly fees: FeeBook;
  private stream: AccountStream | null = null;
  private timers: readonly (() => void)[] = [];
  private closed = false;

  private constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
    apiKey: string,
  ) {
    super();
    this.rest = new BinanceRest(exchange, options, apiKey);
    const { rest, directory, openCount: openOrders, holdings } = this;
    const signed = () => ({ ...rest.stamp(), recvWindow: queryRecvWindowMs });
    const rulesOf = (symbol: string) => {
      const instrument = directory.find(symbol);
      return instrument === null ? null : (this.rules.get(instrument.id) ?? null);
    };
    this.requests = new OrderRequests({ rest, options, directory, openOrders, holdings, rulesOf, signed });
    this.questions = new AccountQuestions({ rest, signed, readOrder: (row) => this.readOrder(row) });
    this.fees = new FeeBook(rest, options.clock, signed);
  }

  /** Loads ccxt; touches no network. @throws BadAddresses */
  static async create(options: BinanceOptions, credentials: BinanceCredentials): Promise<BinanceExecutionVenue> {
    const resolved = resolveOptions(options);
    requireOneEnvironment(resolved.addresses, resolved.liveMoney);
    return new BinanceExecutionVenue(await createCcxtBinance(resolved, credentials), resolved, credentials.apiKey);
  }

  get venue(): VenueId {
    return this.options.venue;
  }

  get clockOffset(): ClockOffset | null {
    return this.rest.clockOffset;
  }

  get state(): ExecutionVenue['state'] {
    if (this.closed) return 'closed';
    return this.stream?.state ?? 'disconnected';
  }

  async open(listener: ExecutionListener): Promise<void> {
    if (this.stream !== null || this.closed) throw new Error('opened twice or after close');
    const { exchange, options, rest, directory } = this;
    this.stream = new AccountStream(
      {
        exchange,
        options,
        stamp: () => rest.stamp(),
        find: (symbol) => directory.find(symbol),
        mendClock: () => rest.remeasureClock(),
        onOrder: (order) => this.openCount.told(order),
        onBalances: (balances) => this.holdings.told(balances),
        onLost: () => this.holdings.forget(),
      },
      listener,
    );
    try {
      await rest.synchronizeClock();
      await this.loadDirectory();
      await this.stream.connect();
    } catch (error) {
      this.stream?.close();
      this.stream = null;
      throw error;
    }
    if (this.closed) return this.stream.close();
    this.timers = [
      repeatedly(options.clockInterval, () => rest.synchronizeClock()),
      repeatedly(directoryInterval, () => this.loadDirectory()),
      repeatedly(refreshInterval, () => this.requests.keepPrepared()),
    ];
  }

  place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome> {
    return this.requests.place(request, options);
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    return this.requests.cancel(request, this.symbolOf(request.instrumentId));
  }

  async lookup(clientOrderId: ClientOrderId, instrumentId: InstrumentId): Promise<VenueOrderView | 'not-found'> {
    return this.questions.lookup(clientOrderId, instrumentId, this.symbolOf(instrumentId));
  }

  async openOrders(instrumentId: InstrumentId | null): Promise<readonly VenueOrderView[]> {
    const symbol = instrumentId === null ? null : this.symbolOf(instrumentId);
    if (this.directory.size === 0) await this.loadDirectory();
    const orders = await this.questions.openOrders(symbol);
    this.openCount.listed(orders, instrumentId);
    return orders;
  }

  async fillsSince(instrumentId: InstrumentId, query: FillsQuery): Promise<readonly VenueFill[]> {
    this.requests.prepare(instrumentId);
    return this.questions.fillsSince(instrumentId, this.symbolOf(instrumentId), query);
  }

  balances(): Promise<readonly Balance[]> {
    return this.holdings.asked(() => this.questions.balances());
  }

  /** Asks what the key may do; asking changes nothing. @throws VenueRefused when the venue does not take the key */
  async permissions(): Promise<KeyPermissions> {
    await this.rest.synchronizeClock();
    return this.questions.permissions(environmentOf(this.options.addresses));
  }

  async feeRates(instrumentId: InstrumentId): Promise<FeeRates> {
    this.requests.prepare(instrumentId);
    return this.fees.rates({ instrumentId, symbol: this.symbolOf(instrumentId) });
  }

  serverTime(): Promise<Timestamp> {
    return this.rest.serverTime();
  }

  venueTime(): Timestamp {
    return this.rest.venueTime();
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const stop of this.timers) stop();
    this.stream?.close();
    this.rest.close();
  }

  private async loadDirectory(): Promise<void> {
    const { venue, fees } = this.options;
    const info = await this.rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'order',
      send: (exchange) => exchange.publicGetExchangeInfo({}),
      read: (payload) => parseExchangeInfo(payload, venue, fees),
    });
    this.directory.replace(info.instruments);
    this.rules = info.rules;
    this.rest.adoptLimits(info.limits);
  }

  private readOrder(row: unknown): VenueOrderView {
    const symbol = text(fieldsOf(row, 'order'), 'symbol');
    const instrument = this.directory.find(symbol);
    if (instrument !== null) return parseOrderRow(row, instrument.id);
    // Listed since we last looked: the next question finds it.
    this.loadDirectory().catch(() => undefined);
    throw new UnreadablePayload(`open order of an unknown symbol: ${symbol}`);
  }

  private symbolOf(instrumentId: InstrumentId): string {
    const symbol = venueSymbol(instrumentId, this.venue);
    if (symbol !== null) return symbol;
    const next = `ask ${this.venue} only for its own instruments`;
    throw new VenueRefused(this.venue, 'VENUE_UNKNOWN_INSTRUMENT', `no instrument ${instrumentId}`, next);
  }
}
