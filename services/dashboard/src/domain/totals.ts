import { absolute, signOf, sum, times } from './decimal.js';
import { type Bot, type Holdings, type Mode, modes, type Order, type PriceRow } from './rows.js';

/** One amount a currency; currencies are never summed. */
export interface Amount {
  readonly currency: string;
  readonly amount: string;
}

/** What one mode adds up to. Money of different modes is never summed. */
export interface ModeTotals {
  readonly mode: Mode;
  readonly pnl: readonly Amount[];
  readonly fees: readonly Amount[];
  /** Σ |quantity| × last price of what is held; what has no price is named in `unpriced`. Null while it is not known. */
  readonly exposure: readonly Amount[] | null;
  readonly unpriced: readonly string[];
  /** The prices with which the exposure was reckoned, so that it is as old as they are. */
  readonly valuedAt: readonly PriceRow[];
  readonly bots: number;
  readonly running: number;
  readonly failed: number;
  readonly cycles: number;
  /** Null while it is not known. */
  readonly openOrders: number | null;
}

/** What has not been told yet is undefined, which is not the same as nothing. */
interface Known {
  readonly bots: readonly Bot[];
  readonly orders: readonly Order[] | undefined;
  readonly accounts: readonly Holdings[] | undefined;
  readonly prices: readonly PriceRow[] | undefined;
}

/** One entry for every mode in which there is a bot or an account, live first. */
export function totalsByMode(known: Known): readonly ModeTotals[] {
  const used = new Set<Mode>([...known.bots, ...(known.accounts ?? [])].map(({ mode }) => mode));
  return modes.filter((mode) => used.has(mode)).map((mode) => totalsOf(mode, known));
}

function totalsOf(mode: Mode, known: Known): ModeTotals {
  const bots = known.bots.filter((bot) => bot.mode === mode);
  const accounts = known.accounts?.filter((account) => account.mode === mode);
  return {
    mode,
    pnl: byCurrency(bots.map(({ currency, pnl }) => ({ currency, amount: pnl }))),
    fees: byCurrency(bots.map(({ currency, fees }) => ({ currency, amount: fees }))),
    ...exposureOf(accounts, known.prices),
    bots: bots.length,
    running: bots.filter(({ observed }) => observed === 'running').length,
    failed: bots.filter(({ observed }) => observed === 'error').length,
    cycles: bots.reduce((total, { cycles }) => total + cycles, 0),
    openOrders: known.orders?.filter((order) => order.mode === mode && !order.final).length ?? null,
  };
}

function exposureOf(accounts: Known['accounts'], prices: Known['prices']) {
  const values: Amount[] = [];
  const unpriced: string[] = [];
  const valuedAt: PriceRow[] = [];
  const held = accounts?.flatMap(({ positions }) => positions).filter(({ quantity }) => signOf(quantity) !== 0);
  // Nothing that is held is worth nothing, whatever the prices are.
  if (held === undefined || (held.length > 0 && prices === undefined)) return { exposure: null, unpriced, valuedAt };
  for (const position of held) {
    const price = priceOf(position, prices ?? []);
    const value = price === undefined ? null : times(position.quantity, lastOf(price));
    if (price === undefined || value === null) unpriced.push(position.symbol);
    else {
      values.push({ currency: position.currency, amount: absolute(value) });
      valuedAt.push(price);
    }
  }
  return { exposure: byCurrency(values), unpriced: [...new Set(unpriced)], valuedAt: [...new Set(valuedAt)] };
}

export interface Held {
  readonly venue: string;
  readonly symbol: string;
  readonly quantity: string;
}

/** The price of a market; undefined while there is none. */
export const priceOf = ({ venue, symbol }: Omit<Held, 'quantity'>, prices: readonly PriceRow[]): PriceRow | undefined =>
  prices.find((row) => row.venue === venue && row.symbol === symbol);

/** What it traded at last, or, before the first trade, what is bid. */
export const lastOf = ({ last, bid }: PriceRow): string | null => last ?? bid;

/** Quantity × last price, exact. Null while there is no price. */
export function worthOf(held: Held, prices: readonly PriceRow[]): string | null {
  const price = priceOf(held, prices);
  return price === undefined ? null : times(held.quantity, lastOf(price));
}

/** In the order in which the currencies first appear. */
export function byCurrency(amounts: readonly Amount[]): readonly Amount[] {
  const currencies = [...new Set(amounts.map(({ currency }) => currency))];
  return currencies.map((currency) => ({
    currency,
    amount: sum(amounts.filter((entry) => entry.currency === currency).map(({ amount }) => amount)),
  }));
}
