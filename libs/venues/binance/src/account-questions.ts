import type { Balance, ClientOrderId, InstrumentId, VenueOrderId } from '@scalpstorm/model';
import {
  type FillsQuery,
  type ListedOrder,
  type OpenOrdersQuestion,
  type VenueFill,
  type VenueOrderView,
  VenueUnreachable,
} from '@scalpstorm/venue-api';
import type { AddressEnvironment } from './addresses.js';
import { listOf } from './fields.js';
import { fromOf } from './order-wire.js';
import {
  type KeyPermissions,
  parseAccount,
  parseListedOrder,
  parseOrderRow,
  parseOwnTrades,
  parsePermissions,
  parseRestrictions,
} from './parse-account.js';
import { isNotFound } from './query-error.js';
import type { BinanceRest } from './rest.js';
import type { TellSkipped } from './unusual-names.js';

const tradesPage = 1_000;
const ordersPage = 1_000;
const pagesMax = 200;

export interface QuestionSurroundings {
  readonly rest: BinanceRest;
  readonly signed: () => object;
  /** Null for a symbol that nobody knows: no order of ours. @throws UnreadablePayload */
  readonly readOrder: (row: unknown) => VenueOrderView | null;
  readonly skipped: TellSkipped;
}

/** What is asked about the account over REST; asking changes nothing. */
export class AccountQuestions {
  constructor(private readonly around: QuestionSurroundings) {}

  async lookup(
    id: { readonly origClientOrderId: ClientOrderId } | { readonly orderId: VenueOrderId },
    instrumentId: InstrumentId,
    symbol: string,
  ): Promise<VenueOrderView | 'not-found'> {
    const { rest, signed } = this.around;
    try {
      return await rest.ask({
        cost: { weight: 4, orders: 0 },
        priority: 'urgent',
        send: (exchange) => exchange.privateGetOrder({ symbol, ...id, ...signed() }),
        read: (payload) => parseOrderRow(payload, instrumentId),
      });
    } catch (error) {
      if (isNotFound(error)) return 'not-found';
      throw error;
    }
  }

  /** Dear and repeated, so it waits for whatever ends a risk or a doubt, as the other questions of a comparison do. */
  openOrders(symbol: string | null, { ifSpare }: OpenOrdersQuestion): Promise<readonly VenueOrderView[]> {
    const { rest, signed, readOrder } = this.around;
    const query = symbol === null ? {} : { symbol };
    return rest.ask({
      cost: { weight: symbol === null ? 80 : 6, orders: 0 },
      priority: 'read',
      ifSpare,
      send: (exchange) => exchange.privateGetOpenOrders({ ...query, ...signed() }),
      read: (payload) => listOf(payload, 'openOrders').flatMap((row) => readOrder(row) ?? []),
    });
  }

  async ordersFrom(instrumentId: InstrumentId, symbol: string, from: VenueOrderId | null) {
    const { rest, signed } = this.around;
    const orders: ListedOrder[] = [];
    let orderId: string | null = from;
    for (let page = 0; page < pagesMax; page += 1) {
      const place = orderId === null ? {} : { orderId };
      const rows = await rest.ask({
        cost: { weight: 20, orders: 0 },
        priority: 'read',
        send: (exchange) => exchange.privateGetAllOrders({ symbol, limit: ordersPage, ...place, ...signed() }),
        read: (payload) => listOf(payload, 'allOrders').map((row) => parseListedOrder(row, instrumentId)),
      });
      orders.push(...rows);
      const last = rows.at(-1);
      if (orderId === null || last === undefined || rows.length < ordersPage) return orders;
      orderId = String(BigInt(last.venueOrderId) + 1n);
    }
    throw new VenueUnreachable(
      rest.venue,
      'VENUE_UNREADABLE',
      `more than ${pagesMax * ordersPage} orders: ask from later`,
    );
  }

  async fillsSince(instrumentId: InstrumentId, symbol: string, query: FillsQuery): Promise<readonly VenueFill[]> {
    const { rest, signed, skipped } = this.around;
    const fills: VenueFill[] = [];
    let from: object = fromOf(query);
    for (let page = 0; page < pagesMax; page += 1) {
      const rows = await rest.ask({
        cost: { weight: 20, orders: 0 },
        priority: 'read',
        send: (exchange) => exchange.privateGetMyTrades({ symbol, limit: tradesPage, ...from, ...signed() }),
        read: (payload) => parseOwnTrades(payload, instrumentId, skipped),
      });
      fills.push(...rows);
      const last = rows.at(-1);
      if (last === undefined || rows.length < tradesPage) return fills;
      from = { fromId: String(BigInt(last.tradeId) + 1n) };
    }
    const text = `more than ${pagesMax * tradesPage} fills: ask from later`;
    throw new VenueUnreachable(rest.venue, 'VENUE_UNREADABLE', text);
  }

  /** What the key may do; `mayWithdraw` is null where the venue does not tell. */
  async permissions(environment: AddressEnvironment): Promise<KeyPermissions> {
    const { rest, signed } = this.around;
    const account = await rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.privateGetAccount({ omitZeroBalances: true, ...signed() }),
      read: parsePermissions,
    });
    // The account's own flags say what its owner may do, whatever the key: only our simulated exchange has no more than them.
    if (environment === 'own') return account;
    if (environment === 'testnet') return { ...account, mayWithdraw: null };
    return rest.ask({
      cost: { weight: 1, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.sapiGetAccountApiRestrictions({ ...signed() }),
      read: parseRestrictions,
    });
  }

  balances(): Promise<readonly Balance[]> {
    const { rest, signed, skipped } = this.around;
    return rest.ask({
      cost: { weight: 20, orders: 0 },
      priority: 'read',
      send: (exchange) => exchange.privateGetAccount({ omitZeroBalances: true, ...signed() }),
      read: (payload) => parseAccount(payload, skipped),
    });
  }
}
