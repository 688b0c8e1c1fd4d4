/** What a place came to; null: it has no score, and is worse than any that has one. */
export interface Told {
  readonly place: number;
  readonly score: number | null;
}

/** Yields places to try, none of them twice and none that is refused, and is told what they came to. */
export type Search = Generator<readonly number[], void, readonly Told[]>;
