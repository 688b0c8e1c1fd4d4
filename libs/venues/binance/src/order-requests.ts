import { Timestamp } from '@scalpstorm/kernel';
import { type InstrumentId, isPlain, type OrderRequest, prospectOf, Quantity } from '@scalpstorm/model';
import type { CancelOutcome, CancelRequest, Lack, PlaceOptions, PlaceOutcome } from '@scalpstorm/venue-api';
import { cancelOutcomeOf, placeOutcomeOf } from './failure.js';
import type { Holdings } from './holdings.js';
import type { OpenOrderCount } from './open-order-count.js';
import type { ResolvedOptions } from './options.js';
import { lackOf } from './order-terms.js';
import { orderParams, readCanceled, readPlaced } from './order-wire.js';
import { RequestFailed } from './query-error.js';
import { ReferencePrices } from './reference-prices.js';
import type { BinanceRest } from './rest.js';
import type { SymbolDirectory } from './symbols.js';
import { venueSymbol } from './symbols.js';
import { brokenRule, type VenueRules, violationText } from './venue-rules.js';

/** The longest that the venue accepts. */
const recvWindowMsMax = 60_000;

export interface OrderSurroundings {
  readonly rest: BinanceRest;
  readonly options: ResolvedOptions;
  readonly directory: SymbolDirectory;
  readonly openOrders: OpenOrderCount;
  readonly holdings: Holdings;
  /** Null: not known, so the venue judges alone. */
  readonly rulesOf: (symbol: string) => VenueRules | null;
  /** Timestamp and window of a signed request. */
  readonly signed: () => object;
}

/** What changes something at the venue. Each goes out once; nothing below repeats it. */
export class OrderRequests {
  private readonly references: ReferencePrices;

  constructor(private readonly around: OrderSurroundings) {
    this.references = new ReferencePrices(around.rest, around.options.clock);
  }

  /** An order of this instrument may come: what its rules are judged by is read now, so that not even the first one goes unjudged. */
  prepare(instrumentId: InstrumentId): void {
    const symbol = venueSymbol(instrumentId, this.around.options.venue);
    if (symbol !== null && this.around.rulesOf(symbol)?.band !== null) this.references.want(symbol);
  }

  /** What of the order its symbol does not let it have. */
  lackOf(request: OrderRequest): Lack | null {
    if (isPlain(request)) return null;
    const symbol = venueSymbol(request.instrumentId, this.around.options.venue);
    return lackOf(request, symbol === null ? null : (this.around.rulesOf(symbol)?.held ?? null));
  }

  /** Called now and then: what orders of late were judged by stays known between them. */
  keepPrepared(): Promise<void> {
    return this.references.refresh();
  }

  async place(request: OrderRequest, { expiresAt, mayLeave }: PlaceOptions): Promise<PlaceOutcome> {
    const { rest, options, openOrders } = this.around;
    const symbol = venueSymbol(request.instrumentId, options.venue);
    if (symbol === null) {
      const text = `${request.instrumentId} is not an instrument of ${options.venue}`;
      return { kind: 'rejected', code: 'UNKNOWN_INSTRUMENT', text, retryable: false };
    }
    const expiresMaker = this.around.rulesOf(symbol)?.expiresMaker ?? false;
    const lack = this.lackOf(request);
    if (lack !== null) {
      const text = `${options.venue} can not hold it: ${lack}`;
      return { kind: 'rejected', code: 'NOT_HELD_BY_VENUE', text, retryable: false };
    }
    const broken = this.broken(request, symbol);
    if (broken !== null) return broken;
    try {
      const placed = await rest.once({
        cost: { weight: 1, orders: 1 },
        priority: request.purpose === 'close' ? 'urgent' : 'order',
        expiresAt: Timestamp.plus(expiresAt, -1_000),
        mayLeave,
        send: (exchange) => {
          const { timestamp } = rest.stamp();
          // timestamp + recvWindow is the moment after which the venue itself refuses: never later than `expiresAt`.
          const recvWindow = Math.min(Math.floor(expiresAt / 1_000) - timestamp, recvWindowMsMax);
          return exchange.privatePostOrder({ ...orderParams(request, symbol, expiresMaker), timestamp, recvWindow });
        },
        read: (payload) => readPlaced(payload, request),
      });
      openOrders.told(placed.order);
      return placed;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      rest.mendClock(error);
      return placeOutcomeOf(error.failure);
    }
  }

  async cancel({ clientOrderId, instrumentId }: CancelRequest, symbol: string): Promise<CancelOutcome> {
    const { rest, openOrders, signed } = this.around;
    try {
      const canceled = await rest.once({
        cost: { weight: 1, orders: 0 },
        priority: 'urgent',
        send: (exchange) => exchange.privateDeleteOrder({ symbol, origClientOrderId: clientOrderId, ...signed() }),
        read: (payload) => readCanceled(payload, instrumentId),
      });
      openOrders.told(canceled.order);
      return canceled;
    } catch (error) {
      if (!(error instanceof RequestFailed)) throw error;
      rest.mendClock(error);
      return cancelOutcomeOf(error.failure);
    }
  }

  /** Our own proof that the venue would refuse; null where it has to judge itself. */
  private broken(request: OrderRequest, symbol: string): PlaceOutcome | null {
    const { directory, rulesOf, openOrders, holdings } = this.around;
    const instrument = directory.find(symbol);
    const rules = rulesOf(symbol);
    if (instrument === null || rules === null) return null;
    if (rules.band !== null || request.price === null) this.references.want(symbol);
    const held = holdings.of(instrument.base);
    const filter = brokenRule(request, instrument, rules, {
      reference: this.references.get(symbol),
      openOrders: openOrders.of(instrument.id),
      accountOrders: openOrders.ofAccount,
      position: held === null ? null : Quantity.plus(held, openOrders.buying(instrument.id)),
    });
    if (filter === null) return null;
    const retryable = prospectOf(filter.code) === 'again';
    return { kind: 'rejected', code: 'FILTER_FAILURE', text: violationText(filter), retryable, filter };
  }
}
