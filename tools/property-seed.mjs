import { Failure } from './failure.mjs';

/** Any would do; it stays, so that a property tries the same things in every run. */
const usualSeed = 20_261_121;
/** What fast-check counts seeds in, and prints when a property fails. */
const seedMax = 2 ** 31 - 1;
const seedMin = -(2 ** 31);

/**
 * From what the properties draw.
 * @param {string | undefined} text the environment's PROPERTY_SEED
 * @returns {number | undefined} undefined for another one in every run
 */
export function propertySeed(text) {
  if (text === undefined || text === '') return usualSeed;
  if (text === 'random') return undefined;
  const seed = /^-?\d+$/.test(text) ? Number(text) : Number.NaN;
  if (seed >= seedMin && seed <= seedMax) return seed;
  const allowed = `random, or a whole number from ${seedMin} to ${seedMax} such as the seed that a failed property names`;
  // All in the message: Jest shows nothing else of an error.
  throw new Failure(
    'PROPERTY_SEED_INVALID',
    `PROPERTY_SEED is ${JSON.stringify(text)}; leave it out or set it to ${allowed}`,
  );
}
