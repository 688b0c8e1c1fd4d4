import { Price } from '@scalpstorm/model';

export interface QuotingRule {
  /** Risk aversion, per lot and basis point. */
  readonly gamma: number;
  /** Decay of the fills' intensity with the distance from the middle, per basis point. */
  readonly kappa: number;
  readonly horizonSeconds: number;
  readonly atrSeconds: number;
  /** The distance of bid and ask at least and at most, in basis points. */
  readonly spreadMinBps: number;
  readonly spreadMaxBps: number;
}

export interface Offsets {
  /** From the middle, in basis points; the bid's is the lower one. */
  readonly bid: number;
  readonly ask: number;
}

/**
 * E(high − low) of a Brownian motion with volatility σ over a time t is σ × √t × √(8 ÷ π) (Parkinson 1980); an average true range is
 * taken for that.
 */
const rangeOfSigma = Math.sqrt(8 / Math.PI);
const bpsInOne = 10_000;

/**
 * Avellaneda & Stoikov, "High-frequency trading in a limit order book" (2008), equations 29 and 30, with a horizon that rolls along, in
 * basis points of the middle so that it is the same at any price. With q = lots held, V = σ² × τ in square basis points:
 *
 * - reservation = −q × γ × V
 * - half = γ × V ÷ 2 + ln(1 + γ ÷ κ) ÷ γ, within half the least and the most spread
 * - bid = reservation − half, ask = reservation + half
 *
 * @param atr average true range ÷ middle
 */
export function offsetsOf(rule: QuotingRule, lots: number, atr: number): Offsets {
  const { gamma, kappa, horizonSeconds, atrSeconds, spreadMinBps, spreadMaxBps } = rule;
  const sigma = (atr * bpsInOne) / rangeOfSigma;
  const variance = (sigma * sigma * horizonSeconds) / atrSeconds;
  const wanted = (gamma * variance) / 2 + Math.log(1 + gamma / kappa) / gamma;
  const half = Math.min(Math.max(wanted, spreadMinBps / 2), spreadMaxBps / 2);
  // Further than this nobody is met, and a price must stay one.
  const reservation = Math.max(-lots * gamma * variance, -spreadMaxBps);
  return { bid: reservation - half, ask: reservation + half };
}

/** So many basis points from a price, counted in 10^-4 of them: exact from here on. */
export function movedBps(price: Price, bps: number): Price {
  return Price.fromUnits(price + (price * BigInt(Math.round(bps * bpsInOne))) / 100_000_000n);
}
