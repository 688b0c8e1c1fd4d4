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
  /** Σ |quantity| × last price of what is held; what has no price is named in `unpriced`. */
  readonly exposure: readonly Amount[];
  readonly unpriced: readonly string[];
  readonly bots: number;
  readonly running: number;
  readonly failed: number;
  readonly cycles: number;
  readonly openOrders: number;
}

interface Known {
  readonly bots: readonly Bot[];
  readonly orders: readonly Order[];
  readonly accounts: readonly Holdings[];
  readonly prices: readonly PriceRow[];
}

/** One entry for every mode in which there is a bot or an account, live first. */
export function totalsByMode(known: Known): readonly ModeTotals[] {
  const used = new Set<Mode>([...known.bots, ...known.accounts].map(({ mode }) => mode));
  return modes.filter((mode) => used.has(mode)).map((mode) => totalsOf(mode, known));
}

function totalsOf(mode: Mode, known: Known): ModeTotals {
  const bots = known.bots.filter((bot) => bot.mode === mode);
  const accounts = known.accounts.filter((account) => account.mode === mode);
  return {
    mode,
    pnl: byCurrency(bots.map(({ currency, pnl }) => ({ currency, amount: pnl }))),
    fees: byCurrency(bots.map(({ currency, fees }) => ({ currency, amount: fees }))),
    ...exposureOf(accounts, known.prices),
    bots: bots.length,
    running: bots.filter(({ observed }) => observed === 'running').length,
    failed: bots.filter(({ observed }) => observed === 'error').length,
    cycles: bots.reduce((total, { cycles }) => total + cycles, 0),
    openOrders: known.orders.filter((order) => order.mode === mode && !order.final).length,
  };
}

function exposureOf(accounts: readonly Holdings[], prices: readonly PriceRow[]) {
  const values: Amount[] = [];
  const unpriced: string[] = [];
  for (const position of accounts.flatMap(({ positions }) => positions)) {
    if (signOf(position.quantity) === 0) continue;
    const value = worthOf(position, prices);
    if (value === null) unpriced.push(position.symbol);
    else values.push({ currency: position.currency, amount: absolute(value) });
  }
  return { exposure: byCurrency(values), unpriced: [...new Set(unpriced)] };
}

interface Held {
  readonly venue: string;
  readonly symbol: string;
  readonly quantity: string;
}

/** Quantity × last price, exact. Null while there is no price. */
export function worthOf({ venue, symbol, quantity }: Held, prices: readonly PriceRow[]): string | null {
  const price = prices.find((row) => row.venue === venue && row.symbol === symbol);
  return times(quantity, price?.last ?? price?.bid ?? null);
}

/** In the order in which the currencies first appear. */
export function byCurrency(amounts: readonly Amount[]): readonly Amount[] {
  const currencies = [...new Set(amounts.map(({ currency }) => currency))];
  return currencies.map((currency) => ({
    currency,
    amount: sum(amounts.filter((entry) => entry.currency === currency).map(({ amount }) => amount)),
  }));
}
