/** What may be ordered, the mildest first: everything · only what brings a position toward zero · nothing but closing. */
export const tradingStates = ['active', 'reducing', 'halted'] as const;
export type TradingState = (typeof tradingStates)[number];

/** What a halt does, each what the one before it does, too: nothing new · what is open is canceled · what is held is closed. */
export const haltLevels = ['halt', 'cancel', 'flatten'] as const;
export type HaltLevel = (typeof haltLevels)[number];

export const isStricter = (left: TradingState, right: TradingState): boolean =>
  tradingStates.indexOf(left) > tradingStates.indexOf(right);
