import { second, type Timestamp } from '@scalpstorm/kernel';
import type {
  Balance,
  ClientOrderId,
  FeeRates,
  Instrument,
  InstrumentId,
  OrderRequest,
  VenueId,
  VenueOrderId,
} from '@scalpstorm/model';
import {
  type CancelOutcome,
  type CancelRequest,
  type CircuitState,
  type ClockOffset,
  type ExecutionListener,
  ExecutionVenue,
  type FillsQuery,
  type Lack,
  type ListedOrder,
  type OpenOrdersQuestion,
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
import { fieldsOf, text } from './fields.js';
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
import { UnusualNames } from './unusual-names.js';
import type { VenueRules } from './venue-rules.js';

const queryRecvWindowMs = 5_000;
/** Venues change filters and list symbols without telling. */
const directoryInterval = 600 * second;
/** Whatever asks for a newer directory, it is not read again so soon. */
const directoryRest = 10 * second;

/** One Binance spot account. Placement goes out once, with our id, our exact texts and its own expiry. */
export class BinanceExecutionVenue extends ExecutionVenue {
  private readonly directory = new SymbolDirectory();
  private rules: ReadonlyMap<InstrumentId, VenueRules> = new Map();
  private readonly openCount = new OpenOrderCount();
  private readonly holdings = new Holdings();
  private readonly unusual: UnusualNames;
  private directoryAskedAt: Timestamp | null = null;
  private listener: ExecutionListener | null = null;
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
    this.unusual = new UnusualNames(options.onNotice);
    const { rest, directory, openCount: openOrders, holdings } = this;
    const signed = () => ({ ...rest.stamp(), recvWindow: queryRecvWindowMs });
    const rulesOf = (symbol: string) => {
      const instrument = directory.find(symbol);
      return instrument === null ? null : (this.rules.get(instrument.id) ?? null);
    };
    this.requests = new OrderRequests({ rest, options, directory, openOrders, holdings, rulesOf, signed });
    const readOrder = (row: unknown) => this.readOrder(row);
    this.questions = new AccountQuestions({ rest, signed, readOrder, skipped: this.skipped });
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

  override get circuit(): CircuitState {
    return this.rest.circuit;
  }

  get state(): ExecutionVenue['state'] {
    if (this.closed) return 'closed';
    return this.stream?.state ?? 'disconnected';
  }

  async open(listener: ExecutionListener): Promise<void> {
    if (this.stream !== null || this.closed) throw new Error('opened twice or after close');
    const { exchange, options, rest, skipped } = this;
    this.listener = listener;
    this.stream = new AccountStream(
      {
        exchange,
        options,
        stamp: () => rest.stamp(),
        find: (symbol) => this.instrumentOf(symbol),
        skipped,
        mendClock: () => rest.remeasureClock(),
        onOrder: (order) => this.openCount.told(order),
        onBalances: (balances) => this.holdings.told(balances),
        onLost: () => this.holdings.forget(),
        onThrottled: (text, retryAt) => rest.refusedElsewhere(text, retryAt),
        heldBack: () => rest.heldBack(),
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
      repeatedly(directoryInterval, () => this.renewDirectory()),
      repeatedly(refreshInterval, () => this.requests.keepPrepared()),
    ];
  }

  override lackOf(request: OrderRequest): Lack | null {
    return this.requests.lackOf(request);
  }

  async place(request: OrderRequest, options: PlaceOptions): Promise<PlaceOutcome> {
    const outcome = await this.requests.place(request, options);
    // It may trade again; our own word for it that it does not is as old as the directory.
    if (outcome.kind === 'rejected' && outcome.filter?.code === 'INSTRUMENT_HALTED') this.renewDirectorySoon();
    return outcome;
  }

  async cancel(request: CancelRequest): Promise<CancelOutcome> {
    return this.requests.cancel(request, this.symbolOf(request.instrumentId));
  }

  async lookup(
    clientOrderId: ClientOrderId,
    instrumentId: InstrumentId,
    venueOrderId: VenueOrderId | null = null,
  ): Promise<VenueOrderView | 'not-found'> {
    const symbol = this.symbolOf(instrumentId);
    const named = await this.questions.lookup({ origClientOrderId: clientOrderId }, instrumentId, symbol);
    if (named !== 'not-found' || venueOrderId === null) return named;
    // Whoever amends an order gives it another client id; only the venue's own stays.
    return this.questions.lookup({ orderId: venueOrderId }, instrumentId, symbol);
  }

  async openOrders(
    instrumentId: InstrumentId | null,
    asked: OpenOrdersQuestion = {},
  ): Promise<readonly VenueOrderView[]> {
    const symbol = instrumentId === null ? null : this.symbolOf(instrumentId);
    if (this.directory.size === 0) await this.loadDirectory();
    const orders = await this.questions.openOrders(symbol, asked);
    this.openCount.listed(orders, instrumentId);
    return orders;
  }

  async ordersFrom(instrumentId: InstrumentId, from: VenueOrderId | null): Promise<readonly ListedOrder[]> {
    return this.questions.ordersFrom(instrumentId, this.symbolOf(instrumentId), from);
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

  /** A failure is told, and what was known before stands. */
  private async renewDirectory(): Promise<void> {
    this.directoryAskedAt = this.options.clock.now();
    try {
      await this.loadDirectory();
    } catch (error) {
      if (this.closed) return;
      const text = `symbols and filters could not be read again, the old ones stand: ${String(error)}`;
      this.options.onNotice({ code: 'DIRECTORY_STALE', text });
    }
  }

  /** Behind, and not all the time. */
  private renewDirectorySoon(then: () => void = () => undefined): void {
    const last = this.directoryAskedAt;
    if (last !== null && this.options.clock.now() - last < directoryRest) return;
    void this.renewDirectory().then(then);
  }

  private readonly skipped = (what: string, name: string): void => {
    this.unusual.skip(what, name);
  };

  /** Null for a symbol that we do not know: of a name that none of ours can have, or listed since we last looked. */
  private instrumentOf(symbol: string): Instrument | null {
    const instrument = this.directory.find(symbol);
    if (instrument !== null || !this.unusual.skip('an order of the symbol', symbol)) return instrument;
    this.renewDirectorySoon(() => {
      // What was left out is asked for as after a reconnect.
      if (this.directory.find(symbol) !== null) this.listener?.onReconnected();
    });
    return null;
  }

  private readOrder(row: unknown): VenueOrderView | null {
    const instrument = this.instrumentOf(text(fieldsOf(row, 'order'), 'symbol'));
    return instrument === null ? null : parseOrderRow(row, instrument.id);
  }

  private symbolOf(instrumentId: InstrumentId): string {
    const symbol = venueSymbol(instrumentId, this.venue);
    if (symbol !== null) return symbol;
    const next = `ask ${this.venue} only for its own instruments`;
    throw new VenueRefused(this.venue, 'VENUE_UNKNOWN_INSTRUMENT', `no instrument ${instrumentId}`, next);
  }
}
