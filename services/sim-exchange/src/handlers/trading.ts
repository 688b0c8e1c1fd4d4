import type { Account } from '../domain/account.js';
import { amountText } from '../domain/amounts.js';
import type { Exchange } from '../domain/exchange.js';
import { feeBasisPoints, feeRateText } from '../domain/fees.js';
import { fillsAsOf, orderAsOf } from '../domain/order-as-of.js';
import { isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import { isOpen, type VenueOrder } from '../domain/venue-order.js';
import { cancelReplace } from './cancel-replace.js';
import { lookUpOrder, pageOf, pageParams } from './order-lookup.js';
import { clientIdParam, marketParam, orderParams, responseTypeParam } from './order-params.js';
import type { TradingCall } from './trading-call.js';
import { canceledOrder, orderRow, placedOrder, tradeRow } from './wire-order.js';

const noAmount = amountText(0n);
const noRates = { maker: noAmount, taker: noAmount, buyer: noAmount, seller: noAmount };
const listLimits = { usual: 500, max: 1_000 };

/** The signed calls of REST and of the websocket API: parameters in, the wire's answer out. */
export class Trading {
  private ownIds = 0;

  constructor(private readonly exchange: Exchange) {}

  place({ account, params, now }: TradingCall): object | VenueError {
    const wish = orderParams(this.exchange, params, () => this.ownId('order', now));
    if (isRefused(wish)) return wish;
    const responseType = responseTypeParam(params, wish.type);
    if (typeof responseType === 'object') return responseType;
    const order = this.exchange.place(account, wish, now);
    return isRefused(order) ? order : placedOrder(order, responseType);
  }

  cancelReplace(call: TradingCall): object | VenueError {
    return cancelReplace(this.exchange, call, (what) => this.ownId(what, call.now));
  }

  /** Checks everything and places nothing. */
  test({ account, params, now }: TradingCall): object | VenueError {
    const wish = orderParams(this.exchange, params, () => this.ownId('test', now));
    if (isRefused(wish)) return wish;
    const refusal = this.exchange.check(account, wish, now);
    if (refusal !== null) return refusal;
    if (params.get('computeCommissionRates') !== 'true') return {};
    const { maker, taker } = this.exchange.fees;
    const rates = { maker: feeRateText(maker), taker: feeRateText(taker) };
    return { standardCommissionForOrder: rates, taxCommissionForOrder: noRates, discount: this.discount() };
  }

  cancel({ account, params, now }: TradingCall): object | VenueError {
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const cancelId = clientIdParam(params, 'newClientOrderId') ?? this.ownId('cancel', now);
    if (typeof cancelId === 'object') return cancelId;
    const order = lookUpOrder(account, market, params, venueErrors.unknownOrder);
    if (isRefused(order)) return order;
    const canceled = this.exchange.cancel(account, order, { cancelId, now });
    return isRefused(canceled) ? canceled : canceledOrder(canceled, cancelId);
  }

  cancelAll({ account, params, now }: TradingCall): object | VenueError {
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const open = openOrders(account).filter((order) => order.market === market);
    if (open.length === 0) return venueErrors.unknownOrder();
    return this.exchange.atomically(() =>
      open.map((order) => {
        const cancelId = this.ownId('cancel', now);
        const canceled = this.exchange.cancel(account, order, { cancelId, now });
        return isRefused(canceled) ? canceled : canceledOrder(canceled, cancelId);
      }),
    );
  }

  status(call: TradingCall): object | VenueError {
    const { account, params } = call;
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const order = lookUpOrder(account, market, params, venueErrors.noSuchOrder);
    if (isRefused(order)) return order;
    const [shown] = asShown([order], call);
    return shown === undefined ? venueErrors.noSuchOrder() : orderRow(shown);
  }

  open(call: TradingCall): object | VenueError {
    const { account, params } = call;
    // What has ended since was open then.
    const orders = isStale(call) ? asShown(account.allOrders(), call).filter(isOpen) : openOrders(account);
    if (!params.has('symbol')) return orders.map(orderRow);
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    return orders.filter((order) => order.market === market).map(orderRow);
  }

  all(call: TradingCall): object | VenueError {
    const { account, params } = call;
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const page = pageParams(params, 'orderId', listLimits);
    if (isRefused(page)) return page;
    const orders = asShown(account.allOrders(), call).filter((order) => order.market === market);
    return pageOf(orders, page, { id: (order) => order.id, time: (order) => order.createdAt }).map(orderRow);
  }

  fills(call: TradingCall): object | VenueError {
    const { account, params } = call;
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const page = pageParams(params, 'fromId', listLimits);
    if (isRefused(page)) return page;
    const orderId = params.get('orderId');
    const all = account.fills.all();
    const fills = (isStale(call) ? fillsAsOf(all, timeShown(call)) : all).filter(
      (fill) => fill.order.market === market && (orderId === null || String(fill.order.id) === orderId),
    );
    return pageOf(fills, page, { id: (fill) => fill.tradeId, time: (fill) => fill.time }).map(tradeRow);
  }

  commission({ params }: TradingCall): object | VenueError {
    const market = marketParam(this.exchange, params);
    if (isRefused(market)) return market;
    const { maker, taker } = this.exchange.fees;
    return {
      symbol: market.spec.wireSymbol,
      standardCommission: { ...noRates, maker: feeRateText(maker), taker: feeRateText(taker) },
      specialCommission: noRates,
      taxCommission: noRates,
      discount: this.discount(),
    };
  }

  balances({ account, params, now }: TradingCall): object {
    const { maker, taker } = this.exchange.fees;
    const isBrief = params.get('omitZeroBalances') === 'true';
    return {
      makerCommission: feeBasisPoints(maker),
      takerCommission: feeBasisPoints(taker),
      buyerCommission: 0,
      sellerCommission: 0,
      commissionRates: {
        maker: feeRateText(maker),
        taker: feeRateText(taker),
        buyer: feeRateText(0n),
        seller: feeRateText(0n),
      },
      canTrade: true,
      canWithdraw: false,
      canDeposit: false,
      brokered: false,
      requireSelfTradePrevention: false,
      preventSor: false,
      updateTime: now,
      accountType: 'SPOT',
      balances: [...account.balances]
        .map(([asset, { free, locked }]) => ({ asset, free: amountText(free), locked: amountText(locked) }))
        .filter(({ free, locked }) => !isBrief || free !== noAmount || locked !== noAmount),
      permissions: ['SPOT'],
      uid: account.id,
    };
  }

  /** Who pays in the fee asset pays no less: the discount is none. */
  private discount(): object {
    const { asset } = this.exchange.fees;
    const isThere = asset !== null;
    const discount = { enabledForAccount: isThere, enabledForSymbol: isThere, discountAsset: asset?.name ?? null };
    return { ...discount, discount: feeRateText(0n) };
  }

  /** An id for what the client did not name, another one in every life. */
  private ownId(what: string, now: number): string {
    this.ownIds += 1;
    return `sim-${what}-${now.toString(36)}-${this.ownIds}`;
  }
}

const isStale = ({ staleMs = 0 }: TradingCall): boolean => staleMs > 0;
const timeShown = ({ now, staleMs = 0 }: TradingCall): number => now - staleMs;

/** The orders as the call is to see them, without those that were not there yet. */
const asShown = (orders: readonly VenueOrder[], call: TradingCall): readonly VenueOrder[] =>
  isStale(call) ? orders.flatMap((order) => orderAsOf(order, timeShown(call)) ?? []) : orders;

const openOrders = (account: Account): readonly VenueOrder[] => [...account.open.values()];
