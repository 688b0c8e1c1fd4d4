import type { Price, Side } from '@scalpstorm/model';

const hundred = 100;

/** How much worse than the reference a fill was, in basis points, to the hundredth; negative: better. */
export function slippageBps(side: Side, reference: Price, fill: Price): number {
  if (reference <= 0n) return 0;
  const worse = side === 'buy' ? fill - reference : reference - fill;
  return Number((worse * 10_000n * BigInt(hundred)) / reference) / hundred;
}

export interface FailureLimits {
  /** Of the orders of the window. */
  readonly percentMax: number;
  /** Fewer orders prove nothing. */
  readonly ordersMin: number;
}

export const isFailing = (
  { orders, failed }: { readonly orders: number; readonly failed: number },
  { percentMax, ordersMin }: FailureLimits,
): boolean => orders >= ordersMin && failed * hundred > orders * percentMax;
