export const sides = ['buy', 'sell'] as const;
export type Side = (typeof sides)[number];

export const opposite = (side: Side): Side => (side === 'buy' ? 'sell' : 'buy');
