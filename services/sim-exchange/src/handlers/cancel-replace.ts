import type { Exchange } from '../domain/exchange.js';
import { errorBody, isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import type { VenueOrder } from '../domain/venue-order.js';
import { lookUpOrder } from './order-lookup.js';
import { clientIdParam, marketParam, orderParams, responseTypeParam } from './order-params.js';
import type { TradingCall } from './trading-call.js';
import { canceledOrder, placedOrder } from './wire-order.js';

const modes = ['STOP_ON_FAILURE', 'ALLOW_FAILURE'];
const restrictions = new Map<string, VenueOrder['status']>([
  ['ONLY_NEW', 'NEW'],
  ['ONLY_PARTIALLY_FILLED', 'PARTIALLY_FILLED'],
]);

/**
 * Cancels one order and places another, which may use what the first had locked. Parameters and filters are checked before
 * either; what happened of the two is told as one answer, also where one of them failed.
 */
export function cancelReplace(
  exchange: Exchange,
  call: TradingCall,
  ownId: (what: string) => string,
): object | VenueError {
  const { account, params, now } = call;
  const market = marketParam(exchange, params);
  if (isRefused(market)) return market;
  const mode = params.get('cancelReplaceMode') ?? '';
  if (!modes.includes(mode)) return venueErrors.missing('cancelReplaceMode');
  if (!params.has('cancelOrderId') && !params.has('cancelOrigClientOrderId'))
    return venueErrors.missingEither('cancelOrigClientOrderId', 'cancelOrderId');
  const restriction = params.get('cancelRestrictions');
  if (restriction !== null && !restrictions.has(restriction)) return venueErrors.invalidCancelRestrictions();
  const cancelId = clientIdParam(params, 'cancelNewClientOrderId') ?? ownId('cancel');
  if (typeof cancelId === 'object') return cancelId;
  const wish = orderParams(exchange, params, () => ownId('order'));
  if (isRefused(wish)) return wish;
  const responseType = responseTypeParam(params, wish.type);
  if (typeof responseType === 'object') return responseType;
  const filtered = exchange.checkFilters(account, wish, now);
  if (filtered !== null) return filtered;
  return exchange.atomically(() => {
    const canceled = cancelNamed(exchange, call, cancelId);
    const isStopped = isRefused(canceled) && mode === 'STOP_ON_FAILURE';
    const placed = isStopped ? null : exchange.place(account, wish, now);
    const data = {
      cancelResult: isRefused(canceled) ? 'FAILURE' : 'SUCCESS',
      newOrderResult: placed === null ? 'NOT_ATTEMPTED' : isRefused(placed) ? 'FAILURE' : 'SUCCESS',
      cancelResponse: isRefused(canceled) ? errorBody(canceled) : canceledOrder(canceled, cancelId),
      newOrderResponse:
        placed === null ? null : isRefused(placed) ? errorBody(placed) : placedOrder(placed, responseType),
    };
    const failures = [data.cancelResult, data.newOrderResult].filter((result) => result !== 'SUCCESS').length;
    if (failures === 0) return data;
    return failures === 1 ? venueErrors.replaceFailedPartly(data) : venueErrors.replaceFailed(data);
  });
}

function cancelNamed(exchange: Exchange, call: TradingCall, cancelId: string): VenueOrder | VenueError {
  const { account, params, now } = call;
  const named = new URLSearchParams({ symbol: params.get('symbol') ?? '' });
  const [id, clientId] = [params.get('cancelOrderId'), params.get('cancelOrigClientOrderId')];
  if (id !== null) named.set('orderId', id);
  if (clientId !== null) named.set('origClientOrderId', clientId);
  const market = marketParam(exchange, named);
  if (isRefused(market)) return market;
  const order = lookUpOrder(account, market, named, venueErrors.unknownOrder);
  if (isRefused(order)) return order;
  // Where both ids are sent, both must be of the same order.
  if (id !== null && clientId !== null && order.clientOrderId !== clientId) return venueErrors.unknownOrder();
  const needed = restrictions.get(params.get('cancelRestrictions') ?? '');
  if (needed !== undefined && order.status !== needed) return venueErrors.restrictedCancel();
  return exchange.cancel(account, order, { cancelId, now });
}
