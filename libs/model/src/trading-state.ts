/** What may be ordered, the mildest first: everything · only what brings a position toward zero · nothing but closing. */
export const tradingStates = ['active', 'reducing', 'halted'] as const;
export type TradingState = (typeof tradingStates)[number];

export const isStricter = (left: TradingState, right: TradingState): boolean =>
  tradingStates.indexOf(left) > tradingStates.indexOf(right);
