import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';

/** How large an entry is. Quantities are not rounded: rounding is the venue's rule, and this mode has no venue. */
export type BarSize =
  /** All cash, the fee included. */
  | { readonly kind: 'all-in' }
  /** So much of the cash, above 0 to 1, the fee included. */
  | { readonly kind: 'fraction'; readonly of: number }
  /** So much of the base asset, and no more than the cash pays for. */
  | { readonly kind: 'quantity'; readonly quantity: number }
  /** So much cash, the fee included, and no more than there is. */
  | { readonly kind: 'cash'; readonly amount: number };

/** What an order at the market pays beyond half the spread, as a share of the price. */
export type Slippage =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly bps: number }
  /** A share of the range (high − low) of the bar before the fill. */
  | { readonly kind: 'volatility'; readonly factor: number }
  /**
   * factor × σ × √(quantity ÷ volume of the bar before the fill), σ being that bar's range ÷ close: the square-root law of impact
   * (Almgren, Thum, Hauptmann, Li 2005, "Direct estimation of equity market impact"; exponent 1/2 instead of their 3/5).
   */
  | { readonly kind: 'square-root'; readonly factor: number };

/** What a run assumes about money and market; all of it is told in the report. */
export interface BarMarket {
  /** In the quote asset. */
  readonly cash: number;
  readonly size: BarSize;
  /** Of an order that takes, basis points of its value. */
  readonly takerFeeBps: number;
  /** Of an order that rested, i.e. of a take-profit. */
  readonly makerFeeBps: number;
  /** Between bid and ask, basis points of the price; an order at the market pays half of it. */
  readonly spreadBps: number;
  readonly slippage: Slippage;
  /** At most this share of a bar's volume is ours, the rest is filled at later bars; null: no limit. */
  readonly liquidityShare: number | null;
  /** Where stop and take-profit lie inside the same bar: which one was first. */
  readonly path: 'stop-first' | 'take-profit-first';
}

/** The mode that anybody can check by hand: everything filled whole, at the open of the next bar, for the fee alone. */
export const plainMarket = (cash: number, feeBps: number): BarMarket => ({
  cash,
  size: { kind: 'all-in' },
  takerFeeBps: feeBps,
  makerFeeBps: feeBps,
  spreadBps: 0,
  slippage: { kind: 'none' },
  liquidityShare: null,
  path: 'stop-first',
});

/** Whether what is assumed can only be reckoned where the data has a volume. */
export const asksForVolume = ({ liquidityShare, slippage }: Pick<BarMarket, 'liquidityShare' | 'slippage'>): boolean =>
  liquidityShare !== null || slippage.kind === 'square-root';

export const volumeMissing: BacktestFault = {
  code: 'VOLUME_MISSING',
  text: 'A liquidity share and the slippage by the square root are of the volume, and no bar has one.',
  next: 'Give data with a volume, or leave both out.',
};

const feeBpsMax = 1_000;

/** Refuses what can not be meant: the first one. */
export function checkMarket(market: BarMarket): Result<BarMarket, BacktestFault> {
  const { size, slippage, liquidityShare } = market;
  const checks: readonly (readonly [name: string, value: number, allowed: string, holds: boolean])[] = [
    within('cash', market.cash, Number.MIN_VALUE, 1e15, 'above 0 to 1e15'),
    within('fee', market.takerFeeBps, 0, feeBpsMax, `0 to ${feeBpsMax} basis points`),
    within('maker fee', market.makerFeeBps, 0, feeBpsMax, `0 to ${feeBpsMax} basis points`),
    within('spread', market.spreadBps, 0, feeBpsMax, `0 to ${feeBpsMax} basis points`),
    ...(size.kind === 'fraction' ? [within('size', size.of, Number.MIN_VALUE, 1, 'above 0 to 1')] : []),
    ...(size.kind === 'quantity' ? [within('size', size.quantity, Number.MIN_VALUE, 1e15, 'above 0')] : []),
    ...(size.kind === 'cash' ? [within('size', size.amount, Number.MIN_VALUE, 1e15, 'above 0')] : []),
    ...(slippage.kind === 'fixed'
      ? [within('slippage', slippage.bps, 0, feeBpsMax, `0 to ${feeBpsMax} basis points`)]
      : []),
    ...(slippage.kind === 'volatility' ? [within('slippage', slippage.factor, 0, 10, '0 to 10')] : []),
    ...(slippage.kind === 'square-root' ? [within('slippage', slippage.factor, 0, 10, '0 to 10')] : []),
    ...(liquidityShare === null
      ? []
      : [within('liquidity share', liquidityShare, Number.MIN_VALUE, 1, 'above 0 to 1')]),
  ];
  const wrong = checks.find(([, , , holds]) => !holds);
  if (wrong === undefined) return ok(market);
  const [name, value, allowed] = wrong;
  return fail({ code: 'NOT_ALLOWED', text: `${name} is ${value}.`, next: `Use ${allowed}.` });
}

const within = (name: string, value: number, min: number, max: number, allowed: string) =>
  [name, value, allowed, value >= min && value <= max] as const;
