import type { Account } from '../domain/account.js';
import type { Market } from '../domain/market.js';
import { type VenueError, venueErrors } from '../domain/venue-error.js';
import { isOpen, type VenueOrder } from '../domain/venue-order.js';
import { clientIdParam } from './order-params.js';

/** The order that `orderId` or `origClientOrderId` names, or what to answer when there is none. */
export function lookUpOrder(
  account: Account,
  market: Market,
  params: URLSearchParams,
  notFound: () => VenueError,
): VenueOrder | VenueError {
  const clientId = clientIdParam(params, 'origClientOrderId');
  if (clientId !== null && typeof clientId === 'object') return clientId;
  const idText = params.get('orderId');
  if (idText === null && clientId === null) return venueErrors.missingEither('origClientOrderId', 'orderId');
  if (idText === null) return byClientId(account, market, clientId ?? '') ?? notFound();
  if (!/^\d{1,16}$/.test(idText)) return venueErrors.illegalCharacters('orderId', '^[0-9]{1,20}$');
  const order = account.order(Number(idText));
  return order !== null && order.market === market ? order : notFound();
}

/** The open one of that id, else the latest: the venue lets a finished id be used again. */
function byClientId(account: Account, market: Market, clientId: string): VenueOrder | null {
  const same = account.ordersWith(clientId).filter((order) => order.market === market);
  return same.find(isOpen) ?? same[same.length - 1] ?? null;
}

export interface Page {
  readonly from: number | null;
  readonly startTime: number | null;
  readonly endTime: number | null;
  readonly limit: number;
}

/** `limit`, a first id and a time range, as every list of the venue takes them. */
export function pageParams(
  params: URLSearchParams,
  fromName: string,
  limits: { readonly usual: number; readonly max: number },
): Page | VenueError {
  const read = { from: fromName, startTime: 'startTime', endTime: 'endTime', limit: 'limit' };
  const numbers: Record<string, number | null> = {};
  for (const [field, name] of Object.entries(read)) {
    const text = params.get(name);
    if (text !== null && !/^\d{1,16}$/.test(text)) return venueErrors.illegalCharacters(name, '^[0-9]{1,20}$');
    numbers[field] = text === null ? null : Number(text);
  }
  const { from = null, startTime = null, endTime = null, limit = null } = numbers;
  return { from, startTime, endTime, limit: Math.max(1, Math.min(limits.max, limit ?? limits.usual)) };
}

/** From a first id or a start time forwards, else the newest; at most `limit`. */
export function pageOf<Item>(
  items: readonly Item[],
  page: Page,
  of: { id: (item: Item) => number; time: (item: Item) => number },
): readonly Item[] {
  const { from, startTime, endTime, limit } = page;
  const inside = items.filter(
    (item) =>
      (from === null || of.id(item) >= from) &&
      (startTime === null || of.time(item) >= startTime) &&
      (endTime === null || of.time(item) <= endTime),
  );
  return from === null && startTime === null ? inside.slice(-limit) : inside.slice(0, limit);
}
