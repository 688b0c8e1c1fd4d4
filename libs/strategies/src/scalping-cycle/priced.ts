import type { Price, Side } from '@scalpstorm/model';

/** What a price counts from, while nobody can tell it. */
export type Lacking = 'quote' | 'trade' | 'VWAP' | 'ATR' | 'entry';

/** Why an order that is due has no price. */
export type Unpriced =
  | { readonly kind: 'waits'; readonly lacking: readonly Lacking[] }
  /** No waiting heals it for sure: what it would be, and what the venue takes. */
  | {
      readonly kind: 'out-of-range';
      readonly side: Side;
      readonly value: Price;
      readonly limits: { readonly min: Price; readonly max: Price };
    };
export type Priced = { readonly kind: 'price'; readonly price: Price } | Unpriced;
