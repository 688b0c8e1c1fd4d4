/** Beyond this the power series loses digits, and the continued fraction has settled. */
const tailFrom = 2;
const fractionTerms = 80;

/** Density of the standard normal. */
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * Φ, the standard normal's distribution function; relative error below 1e-13 for x ≥ −37. Near the middle the power series of
 * Marsaglia (2004), "Evaluating the Normal Distribution", J. Stat. Software 11(4); in the tails Laplace's continued fraction for
 * Mills' ratio (Abramowitz, Stegun 26.2.14).
 */
export function normalCdf(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -tailFrom) return upperTail(-x);
  return x > tailFrom ? 1 - upperTail(x) : 0.5 + density(x) * oddSeries(x);
}

function oddSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let odd = 3; sum + term !== sum || odd === 3; odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return sum;
}

function upperTail(x: number): number {
  let fraction = x;
  for (let term = fractionTerms; term > 0; term -= 1) fraction = x + term / fraction;
  return density(x) / fraction;
}

/**
 * Φ⁻¹: the x below which a standard normal lies with this probability; relative error below 1e-12 for 1e-300 ≤ probability ≤ 0.5, and
 * above that what the rounding of 1 − probability leaves. −∞ at 0, ∞ at 1, NaN outside. A first guess (Abramowitz, Stegun 26.2.23,
 * error 4.5e-4), then Halley's steps, each of which triples the digits.
 */
export function normalQuantile(probability: number): number {
  if (!(probability >= 0 && probability <= 1)) return Number.NaN;
  if (probability === 0) return Number.NEGATIVE_INFINITY;
  if (probability === 0.5) return 0;
  if (probability > 0.5) return -normalQuantile(1 - probability);
  const t = Math.sqrt(-2 * Math.log(probability));
  let x = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
  for (let step = 0; step < 2; step += 1) {
    const off = (normalCdf(x) - probability) / density(x);
    x -= off / (1 + (x * off) / 2);
  }
  return x;
}
