import { Timestamp } from '@scalpstorm/kernel';
import type { Balance, ClientOrderId, InstrumentId, OrderRequest, VenueId } from '@scalpstorm/model';
import { Price, Quantity } from '@scalpstorm/model';
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
  VenueUnreachable,
} from '@scalpstorm/venue-api';
import { type CcxtBinance, createCcxtBinance } from './ccxt-binance.js';
import { cancelOutcomeOf, judgeFailure, placeOutcomeOf } from './failure.js';
import { fieldsOf, listOf, text, UnreadablePayload } from './fields.js';
import { type BinanceCredentials, type BinanceOptions, type ResolvedOptions, resolveOptions } from './options.js';
import { parseAccount, parseOrderRow, parseOwnTrades, parsePlacedFills, parseUserEvent } from './parse-account.js';
import { parseExchangeInfo } from './parse-instruments.js';
import { repeatedly } from './repeatedly.js';
import { BinanceRest, RequestFailed } from './rest.js';
import { SymbolDirectory, venueSymbol } from './symbols.js';
import { UserStream } from './user-stream.js';

const queryRecvWindowMs = 5_000;
/** The longest that the venue accepts. */
const recvWindowMsMax = 60_000;
const tradesPage = 1_000;
const pagesMax = 200;

/** One Binance spot account. Placement goes out once, with our id, our exact texts and its own expiry. */
export class BinanceExecutionVenue extends ExecutionVenue {
  private readonly directory = new SymbolDirectory();
  private readonly rest: BinanceRest;
  private stream: UserStream | null = null;
  private stopClock: (() => void) | null = null;
  private current: ExecutionVenue['state'] = 'disconnected';

  private constructor(
    private readonly exchange: CcxtBinance,
    private readonly options: ResolvedOptions,
  ) {
    super();
    this.rest = new BinanceRest(exchange, options);
  }

  /** Loads ccxt; touches no network. */
  static async create(options: BinanceOptions, credentials: BinanceCredentials): Promise<BinanceExecutionVenue> {
    const resolved = resolveOptions(options);
    return new BinanceExecutionVenue(await createCcxtBinance(resolved, credentials), resolved);
  }

  get venue(): VenueId {
    return this.options.venue;
  }

  get clockOffset(): ClockOffset | null {
    return this.rest.clockOffset;
  }

  get state(): ExecutionVenue['state'] {
    return this.current;
  }

  async open(listener: ExecutionListener): Promise<void> {
    if (this.stream !== null || this.current === 'closed') throw new Error('opened twice or after close');
    this.current = 'connecting';
    try {
      await this.rest.synchronizeClock();
      await this.loadDirectory();
      await this.connectStream(listener);
    } catch (error) {
      this.dropStream();
      this.current = 'disconnected';
      throw error;
    }
    this.stopClock = repeatedly(this.options.clockInterval, () => this.rest.synchronizeClock());
  }

  async place(request: OrderRequest, { expiresAt }: PlaceOptions): Promise<PlaceOutcome> {
    const symbol = venueSymbol(request.instrumentId, this.venue);
    if (symbol === null) {
      const text = `${request.instrumentId} is not an instrument of ${this.venue}`;
      return { kind: 'rejected', code: 'UNKNOWN_INSTRUMENT', text, retryable: false };
    }
    try {
      return await this.rest.once({
        cost: { weight: 1, orders: 1 },
        priority: request.purpose === 'close' ? 'urgent' : 'normal',
        expiresAt: Timestamp.plus(expiresAt, -1_000),
        send: (exchange) => {
          const { timestamp } = this.rest.stamp();
          // timestamp + recvWindow is the moment after which the venue itself refuses: never later than `expiresAt`.
          const recvWindow = Math.min(Math.floor(expiresAt / 1_000) - timestamp, recvWindowMsMax);
          return exchange.privatePostOrder({ ...orderParams(request, symbol), timestamp, recvWindow });
        },
        read: (payload) => readPlaced(payload, request),
      });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      this.mendClock(error);
      return placeOutcomeOf(error.failure);
    }
  }

  async cancel({ instrumentId, clientOrderId }: CancelRequest): Promise<CancelOutcome> {
    const symbol = this.symbolOf(instrumentId);
    try {
      return await this.rest.once({
        cost: { weight: 1, orders: 0 },
        priority: 'urgent',
        send: (exchange) => exchange.privateDeleteOrder({ symbol, origClientOrderId: clientOrderId, ...this.signed() }),
        read: (payload) => readCanceled(payload, instrumentId),
      });
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      this.mendClock(error);
      return cancelOutcomeOf(error.failure);
    }
  }

  async lookup(clientOrderId: ClientOrderId, instrumentId: InstrumentId): Promise<VenueOrderView | 'not-found'> {
    const symbol = this.symbolOf(instrumentId);
    try {
      return await this.rest.ask({
        cost: { weight: 4, orders: 0 },
        priority: 'urgent',
        send: (exchange) => exchange.privateGetOrder({ symbol, origClientOrderId: clientOrderId, ...this.signed() }),
        read: (payload) => parseOrderRow(payload, instrumentId),
      });
    } catch (error) {
      const cause = error instanceof VenueRefused ? error.cause : null;
      if (cause instanceof RequestFailed && judgeFailure(cause.failure).kind === 'not-found') return 'not-found';
      throw error;
    }
  }

  async openOrders(instrumentId: InstrumentId | null): Promise<readonly VenueOrderView[]> {
    const query = instrumentId === null ? {} : { symbol: this.symbolOf(instrumentId) };
    if (this.directory.size === 0) await this.loadDirectory();
    return this.rest.ask({
      cost: { weight: instrumentId === null ? 80 : 6, orders: 0 },
      priority: 'urgent',
      send: (exchange) => exchange.privateGetOpenOrders({ ...query, ...this.signed() }),
      read: (payload) => listOf(payload, 'openOrders').map((row) => this.readOpenOrder(row)),
    });
  }

  async fillsSince(instrumentId: InstrumentId, query: FillsQuery): Promise<readonly VenueFill[]> {
    const symbol = this.symbolOf(instrumentId);
    const fills: VenueFill[] = [];
    let from: object = fromOf(query);
    for (let page = 0; page < pagesMax; page += 1) {
      const rows = await this.rest.ask({
        cost: { weight: 20, orders: 0 },
        priority: 'normal',
        send: (exchange) => exchange.privateGetMyTrades({ symbol, limit: tradesPage, ...from, ...this.signed() }),
        read: (payload) => parseOwnTrades(payload, instrumentId),
      });
      fills.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < tradesPage) return fills;
      from = { fromId: String(BigInt(last.tradeId) + 1n) };
    }
    throw new VenueUnreachable(
      this.venue,
      'VENUE_UNREADABLE',
      `more than ${pagesMax * tradesPage} fills: ask from later`,
    );
  }

  async balances(): Promise<readonly Balance[]> {
    return this.rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'normal',
      send: (exchange) => exchange.privateGetAccount({ omitZeroBalances: true, ...this.signed() }),
      read: parseAccount,
    });
  }

  async serverTime(): Promise<Timestamp> {
    return this.rest.serverTime();
  }

  venueTime(): Timestamp {
    return this.rest.venueTime();
  }

  async close(): Promise<void> {
    this.current = 'closed';
    this.stopClock?.();
    this.dropStream();
  }

  private dropStream(): void {
    this.stream?.close();
    this.stream = null;
  }

  private connectStream(listener: ExecutionListener): Promise<void> {
    const { venue, requestTimeout } = this.options;
    return new Promise((resolve, reject) => {
      const late = new VenueUnreachable(venue, 'VENUE_UNREACHABLE', 'no user stream in time');
      const timer = setTimeout(() => reject(late), (2 * requestTimeout) / 1_000);
      let first = true;
      this.stream = new UserStream(this.exchange, this.options, () => this.rest.stamp(), {
        event: (payload) => this.hear(payload, listener),
        subscribed: () => {
          this.current = 'connected';
          if (!first) return listener.onReconnected();
          first = false;
          clearTimeout(timer);
          resolve();
        },
        lost: (detail) => {
          this.current = 'disconnected';
          if (!first) listener.onDisconnected(detail);
        },
      });
      this.stream.connect();
    });
  }

  private hear(payload: unknown, listener: ExecutionListener): void {
    const event = parseUserEvent(payload, (symbol) => this.directory.find(symbol));
    if (event.kind === 'report') listener.onOrderReport(event.report);
    else if (event.kind === 'fill') listener.onFill(event.fill, event.order);
    else if (event.kind === 'balances') listener.onBalances(event.balances, event.occurredAt);
    else if (event.kind === 'terminated') this.stream?.restart('the venue ended the stream');
  }

  private async loadDirectory(): Promise<void> {
    const { venue, fees, rateLimits, clock } = this.options;
    const info = await this.rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'urgent',
      send: (exchange) => exchange.publicGetExchangeInfo({}),
      read: (payload) => parseExchangeInfo(payload, venue, fees),
    });
    this.directory.replace(info.instruments);
    this.rest.budget.replace(rateLimits ?? info.limits, clock.now());
  }

  private readOpenOrder(row: unknown): VenueOrderView {
    const symbol = text(fieldsOf(row, 'order'), 'symbol');
    const instrument = this.directory.find(symbol);
    if (instrument === null) throw new UnreadablePayload(`open order of an unknown symbol: ${symbol}`);
    return parseOrderRow(row, instrument.id);
  }

  private signed(): { timestamp: number; recvWindow: number } {
    return { ...this.rest.stamp(), recvWindow: queryRecvWindowMs };
  }

  /** -1021: our idea of the venue's time is wrong, so measure it anew; the next request is better. */
  private mendClock({ failure }: RequestFailed): void {
    if (failure.kind !== 'answered' || failure.code !== -1021) return;
    this.rest.synchronizeClock().catch((error: unknown) => {
      this.options.onNotice({ code: 'CLOCK_MEASURED', text: `failed: ${String(error)}` });
    });
  }

  private symbolOf(instrumentId: InstrumentId): string {
    const symbol = venueSymbol(instrumentId, this.venue);
    if (symbol !== null) return symbol;
    const next = `ask ${this.venue} only for its own instruments`;
    throw new VenueRefused(this.venue, 'VENUE_UNKNOWN_INSTRUMENT', `no instrument ${instrumentId}`, next);
  }
}

/** Exact texts all the way; ccxt's own createOrder would round them through its precision tables. */
function orderParams(request: OrderRequest, symbol: string): object {
  return {
    symbol,
    side: request.side === 'buy' ? 'BUY' : 'SELL',
    type: request.type === 'limit' ? 'LIMIT' : 'MARKET',
    quantity: Quantity.format(request.quantity),
    ...(request.price === null ? {} : { price: Price.format(request.price), timeInForce: request.timeInForce }),
    newClientOrderId: request.clientOrderId,
    newOrderRespType: 'FULL',
  };
}

function readPlaced(payload: unknown, request: OrderRequest): PlaceOutcome {
  const order = parseOrderRow(payload, request.instrumentId);
  if (order.clientOrderId !== request.clientOrderId)
    throw new UnreadablePayload(`answer about another order: ${order.clientOrderId}`);
  return { kind: 'accepted', venueOrderId: order.venueOrderId, order, fills: parsePlacedFills(payload, order) };
}

function readCanceled(payload: unknown, instrumentId: InstrumentId): CancelOutcome {
  const order = parseOrderRow(payload, instrumentId);
  if (order.status !== 'canceled') throw new UnreadablePayload(`answer to a cancel says ${order.status}`);
  return { kind: 'canceled', order };
}

const fromOf = ({ since, fromTradeId }: FillsQuery): object =>
  fromTradeId === undefined ? { startTime: Math.floor(since / 1_000) } : { fromId: fromTradeId };
