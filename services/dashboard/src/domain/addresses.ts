/** As they were typed, with commas, spaces or both between them. */
export const addressesOf = (typed: string): readonly string[] => [...new Set(typed.split(/[\s,;]+/).filter(Boolean))];
