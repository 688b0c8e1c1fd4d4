import { type Micros, millisecond, second } from '@scalpstorm/kernel';

/** A sample is made at each multiple of this time, in training and in serving. */
export const sampleEvery: Micros = 250 * millisecond;
/** Returns look back so many samples: a quarter of a second to sixteen seconds. */
export const returnLags = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64] as const;
/** The longest look back, in samples; nothing is told before it is filled. */
export const windowSamples = 64;
/** Volatility is the root mean square of so many single returns. */
export const volatilityLags = [8, 64] as const;
/** Half-lives of the flow of trades. */
export const flowHalfLives: readonly Micros[] = [second, 5 * second];
/** A quote that is older tells nothing about now: the window begins anew. */
export const quoteAgeMax: Micros = 5 * second;

/**
 * What a model sees, in this order. Returns, spread and volatility in basis points (10^-4), imbalances from −1 to 1, the place in the
 * range of the window from 0 to 1. Every one is a function of events before the time of the sample.
 */
export const featureNames: readonly string[] = [
  ...returnLags.map((lag) => `return_${(lag * sampleEvery) / millisecond}ms_bps`),
  ...volatilityLags.map((lag) => `volatility_${(lag * sampleEvery) / millisecond}ms_bps`),
  'range_position',
  'spread_bps',
  'book_imbalance',
  'microprice_bps',
  ...flowHalfLives.map((halfLife) => `flow_imbalance_${halfLife / millisecond}ms`),
];

/** A change of the computation is a new version: a model serves only with the features that it was trained with. */
export const featureSetVersion = 1;

/** Names the set, its version and its bounds; a model keeps the id of the set that it was trained with. */
export const featureSetId = `microstructure-${featureSetVersion}-${fnv1a(JSON.stringify({ featureSetVersion, sampleEvery, featureNames, quoteAgeMax }))}`;

/** FNV-1a, 32 bits: tells two definitions apart, and is no protection against anybody. */
function fnv1a(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
