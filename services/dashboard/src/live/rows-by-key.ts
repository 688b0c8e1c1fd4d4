/** The rows of a channel. A new map for every change, so that whoever shows it can compare. */
export type Rows = ReadonlyMap<string, { readonly [field: string]: unknown }>;
