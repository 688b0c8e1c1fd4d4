declare const brand: unique symbol;

/** A type of its own over the same representation, so that a price is never passed where a quantity is wanted. */
export type Brand<Representation, Name extends string> = Representation & { readonly [brand]: Name };
