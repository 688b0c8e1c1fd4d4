import type { Account, Credentials } from './account.js';
import type { Exchange } from './exchange.js';
import { type SavedAccount, type SavedOrder, type SavedState, StateError } from './journal.js';
import type { Market } from './market.js';
import { lockedBy } from './settlement.js';
import { isOpen, type VenueFill, type VenueOrder } from './venue-order.js';

/**
 * Brings back what an earlier life left: accounts, orders, fills, and then the open orders into the books in the order in
 * which they came. What the market has passed meanwhile fills now, as maker at its own price. An account whose key is not
 * among `keys` keeps its money and its orders, and nobody can open it. Throws {@link StateError} rather than losing anything.
 */
export function restoreState(
  exchange: Exchange,
  saved: SavedState,
  { keys, now }: { readonly keys: readonly Credentials[]; readonly now: number },
): void {
  const accounts = new Map<number, Account>();
  for (const account of saved.accounts) accounts.set(account.id, restoreAccount(exchange, account, keys));
  const orders = new Map<number, VenueOrder>();
  for (const one of saved.orders) {
    const account = accounts.get(one.accountId);
    if (account === undefined) throw damaged(`order ${one.id} belongs to no account`);
    const market = marketOf(exchange, saved, one);
    if (market === null) continue;
    const { symbol: _symbol, ...rest } = one;
    const order: VenueOrder = { ...rest, market, fills: [] };
    orders.set(order.id, order);
    exchange.restoreOrder(account, order);
  }
  for (const { orderId, ...rest } of saved.fills) {
    const order = orders.get(orderId);
    if (order === undefined) continue;
    const fill: VenueFill = { ...rest, order };
    order.fills.push(fill);
    accounts.get(order.accountId)?.fills.add(fill);
  }
  for (const account of accounts.values()) checkLocks(account);
  const resting = [...orders.values()].filter((order) => isOpen(order) && order.workingAt !== null);
  resting.sort((left, right) => left.priority - right.priority);
  exchange.atomically(() => {
    for (const order of resting) exchange.restToBook(order, now);
  });
}

function restoreAccount(exchange: Exchange, saved: SavedAccount, keys: readonly Credentials[]): Account {
  const key = keys.find(({ apiKey }) => apiKey === saved.apiKey);
  if (key !== undefined && !saved.isSecret(key.secret)) {
    const text = `--state knows the key ${saved.apiKey.slice(0, 6)}… with another secret; set SIM_SECRET to what it was, or start with --reset to begin anew`;
    throw new StateError('SIM_STATE_OTHER_SECRET', text);
  }
  const account = exchange.restoreAccount(saved.id, key ?? { apiKey: saved.apiKey, secret: '' }, key !== undefined);
  for (const [asset, balance] of saved.balances) account.balances.set(asset, { ...balance });
  return account;
}

/** Null for an ended order of a market that is not open now: it stays where it is kept. */
function marketOf(exchange: Exchange, saved: SavedState, order: SavedOrder): Market | null {
  const market = exchange.market(order.symbol);
  const known = saved.markets.get(order.symbol);
  const isSame =
    market !== null &&
    known !== undefined &&
    known.tickUnits === market.spec.tickUnits &&
    known.lotUnits === market.spec.lotUnits;
  if (isSame) return market;
  if (market === null && order.status !== 'NEW' && order.status !== 'PARTIALLY_FILLED') return null;
  const why = market === null ? 'is not among the markets' : 'has another tick or lot now';
  const text = `--state has orders of ${order.symbol}, which ${why}; start it with the same --symbols or --file, or with --reset to begin anew`;
  throw new StateError('SIM_STATE_OTHER_MARKET', text);
}

function checkLocks(account: Account): void {
  const locked = new Map<string, bigint>();
  for (const order of account.open.values()) {
    const { asset, amount } = lockedBy(order);
    locked.set(asset, (locked.get(asset) ?? 0n) + amount);
  }
  for (const [asset, balance] of account.balances) {
    if (balance.locked !== (locked.get(asset) ?? 0n))
      throw damaged(`what account ${account.id} has locked of ${asset} is not what its open orders lock`);
  }
}

const damaged = (why: string): StateError =>
  new StateError(
    'SIM_STATE_DAMAGED',
    `--state is damaged (${why}); put a good copy in its place, or start with --reset to begin anew`,
  );
