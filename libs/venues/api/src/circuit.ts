/**
 * Whether a venue is trusted to answer. `open`: it failed too often, so nothing that could come later is asked of it; closing orders,
 * cancels and look-ups still are, and the first answer of one lets a few others try (`half-open`).
 */
export type CircuitState = (typeof circuitStates)[number];

/** The better one first; its place is what metrics tell. */
export const circuitStates = ['closed', 'half-open', 'open'] as const;
