/** `1 order`, `2 orders`. */
export const counted = (amount: number, one: string): string => `${amount} ${one}${amount === 1 ? '' : 's'}`;
