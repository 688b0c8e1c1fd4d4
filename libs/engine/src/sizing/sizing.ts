import { type Balance, type Instrument, type Price, type Quantity, type Side } from '@scalpstorm/model';

/**
 * How large an entry is. Percentages count 10^-4 percent, money 10^-18 of the quote currency; E is the equity, p the price of the entry.
 * `docs/sizing.md` has each in plain words with an example.
 */
export type Sizing =
  /** The quantity that was configured, whatever the account holds. */
  | { readonly kind: 'fixed' }
  /** q = money ÷ p. Equal value units: V. K. Tharp, "Trade Your Way to Financial Freedom" (1998). */
  | { readonly kind: 'notional'; readonly notional: bigint }
  /** q = E × percent ÷ p. Fixed fraction of the equity: R. Vince, "Portfolio Management Formulas" (1990). */
  | { readonly kind: 'equity'; readonly percent: bigint }
  /**
   * q = E × percent ÷ (|p − stop| + fee × (p + stop)), so that an entry that is stopped at its stop loses no more than E × percent with
   * the fees of both orders. Percent risk model: Tharp (above). NautilusTrader's
   * `FixedRiskSizer` (risk money − 2 × risk money × commission) takes the commission of the money at risk; it is charged on what is
   * bought and sold, so with a near stop that loses several times the risk.
   */
  | { readonly kind: 'risk'; readonly percent: bigint }
  /**
   * q = E × percent ÷ (multiple × ATR): a move of so many average true ranges changes the equity by the percentage. Percent volatility
   * model: Tharp (above); the unit of the Turtles, C. Faith, "Way of the Turtle" (2007). An ATR below a tick counts as a tick.
   * `multiple` counts 10^-4.
   */
  | { readonly kind: 'atr'; readonly percent: bigint; readonly multiple: bigint }
  /**
   * q = E × min(percent × Kelly's fraction, cap) ÷ p, see `kellyOf`; while there is too little evidence q = E × min(start, cap) ÷ p.
   * `percent` of Kelly's fraction ("half Kelly": 50): L. C. MacLean, E. O. Thorp, W. T. Ziemba (eds.), "The Kelly Capital Growth
   * Investment Criterion" (2011).
   */
  | { readonly kind: 'kelly'; readonly percent: bigint; readonly start: bigint };

/** What no size is ever above, whatever its formula says. */
export interface SizingCaps {
  readonly quantity: Quantity;
  /** Value of one entry, in 10^-18 of the quote currency; null: no such cap. */
  readonly notional: bigint | null;
  /** Value of one entry in 10^-4 percent of the equity; null: no such cap. */
  readonly equityPercent: bigint | null;
}

/** What an account has of the two assets of a market. */
export interface PairFunds {
  readonly base: Balance;
  readonly quote: Balance;
}

/** What an entry is sized by, at the moment in which it is judged. */
export interface SizingBasis {
  readonly side: Side;
  /** Of the entry: it pays no more, or gets no less. */
  readonly price: Price;
  readonly instrument: Instrument;
  /** Null: not known, or not any more. */
  readonly funds: PairFunds | null;
  /** What the market pays for base, by which what is held of it is valued; null: not known. */
  readonly mark: Price | null;
  /** Where the entry would be stopped; null: nowhere. */
  readonly stop: Price | null;
  readonly atr: Price | null;
  /** Of the newest finished cycles, as `kellyOf` takes them. */
  readonly returns: readonly bigint[];
}

export interface Sized {
  readonly quantity: Quantity;
  /** How it came about, for the line of the log: `1 % of 10000 USDT …`. */
  readonly working: string;
}

export interface SizingRefusal {
  readonly code:
    | 'SIZING_NEEDS_BALANCE'
    | 'SIZING_NEEDS_PRICE'
    | 'SIZING_NEEDS_STOP'
    | 'SIZING_NEEDS_ATR'
    | 'SIZING_WITHOUT_EDGE'
    | 'SIZING_BELOW_MINIMUM';
  readonly text: string;
  /** What was found, and what would do; decimal texts, empty where it is not about an amount. */
  readonly value: string;
  readonly minimum: string;
  readonly next: string;
}
