import type { Rng } from '@scalpstorm/kernel';

/** The market's moods: how high the short waves go and how busy takers are. Lengths in seconds. */
const moods = {
  quiet: { chop: 0.3, takersPerSecond: 1.2, seconds: { min: 2, max: 5 } },
  active: { chop: 1, takersPerSecond: 5, seconds: { min: 6, max: 20 } },
} as const;
export type Mood = keyof typeof moods;

interface Range {
  readonly min: number;
  readonly max: number;
}

/** Heights and volatilities are in units of this share of the starting price (0.08 basis points): 60,000 USD move by tens a minute. */
const unitShare = 8e-6;
/** Heights in units, periods in seconds. Chop brings pull-backs within seconds; the tide makes trends and turns them. */
const chopShape = { units: { min: 21, max: 24 }, seconds: { min: 1.2, max: 2 } };
const tideShape = { units: { min: 40, max: 45 }, seconds: { min: 9, max: 15 } };
/** Half of the waves are far higher than the others, and about as high as one another: they release who was left behind at an extreme. */
const highChance = 0.5;
const highFactor = 3;
const noiseVolatility = 8;
const noisePull = 4;
const referenceVolatility = 1;
/** How fast the reference comes home to where the market started, a second: nobody is left behind for good. */
const referencePull = 1 / 60;

/**
 * What the asset is worth by the crowd's own lights, in (fractional) ticks: two waves and mean-reverting noise around a
 * reference that wanders. Orders a few basis points away are reached within seconds, and a position taken at an extreme is released
 * by a later wave. A model of the world, not money: floating point is right here.
 */
export class FairValue {
  value: number;
  mood: Mood = 'active';
  private reference: number;
  private readonly unit: number;
  private noise = 0;
  private moodLeft = 0;
  private chopFactor = 1;
  private readonly chop: Wave;
  private readonly tide: Wave;

  constructor(
    private readonly start: number,
    private readonly rng: Rng,
  ) {
    this.reference = start;
    this.unit = start * unitShare;
    this.chop = new Wave(chopShape, rng);
    this.tide = new Wave(tideShape, rng);
    this.value = start + this.unit * (this.chop.step(0) + this.tide.step(0));
  }

  get takersPerSecond(): number {
    return moods[this.mood].takersPerSecond;
  }

  /** Moves by `seconds` of market time. */
  step(seconds: number): void {
    this.moodLeft -= seconds;
    if (this.moodLeft <= 0) this.changeMood();
    this.chopFactor += (moods[this.mood].chop - this.chopFactor) * (1 - Math.exp(-seconds));
    this.reference += (this.start - this.reference) * (1 - Math.exp(-referencePull * seconds));
    this.reference += this.unit * this.shock(referenceVolatility, seconds);
    this.noise = this.noise * Math.exp(-noisePull * seconds) + this.shock(noiseVolatility, seconds) * this.chopFactor;
    const waves = this.chop.step(seconds) * this.chopFactor + this.tide.step(seconds);
    this.value = Math.max(2, this.reference + this.unit * (waves + this.noise));
  }

  /**
   * Goes on from where an earlier life of the market ended: that was a height of the tide, which takes it home. A reference at
   * that height would leave everybody behind who traded around the old one.
   */
  goOnFrom(value: number): void {
    this.reference = this.start;
    this.noise = 0;
    this.chop.goOnFrom(0);
    this.tide.goOnFrom((value - this.start) / this.unit);
    this.value = value;
  }

  private shock(volatility: number, seconds: number): number {
    return volatility * Math.sqrt(seconds) * this.rng.gaussian();
  }

  private changeMood(): void {
    this.mood = this.mood === 'active' && this.rng.next() < 0.6 ? 'quiet' : 'active';
    this.moodLeft = between(moods[this.mood].seconds, this.rng);
  }
}

/** A sine whose height and length change from one period to the next. */
class Wave {
  private phase: number;
  private height: number;
  private period: number;

  constructor(
    private readonly shape: { readonly units: Range; readonly seconds: Range },
    private readonly rng: Rng,
  ) {
    this.phase = rng.next();
    this.height = between(shape.units, rng);
    this.period = between(shape.seconds, rng);
  }

  /** Continues at that height, higher than ever if it must. */
  goOnFrom(height: number): void {
    this.height = Math.max(this.height, Math.abs(height));
    this.phase = Math.asin(height / this.height) / (2 * Math.PI);
  }

  step(seconds: number): number {
    this.phase += seconds / this.period;
    if (this.phase >= 1) {
      // At the zero crossing, so that the price does not jump.
      this.phase %= 1;
      const isHigh = this.rng.next() < highChance;
      this.height = between(this.shape.units, this.rng) * (isHigh ? highFactor : 1);
      this.period = between(this.shape.seconds, this.rng);
    }
    return this.height * Math.sin(2 * Math.PI * this.phase);
  }
}

const between = ({ min, max }: Range, rng: Rng): number => min + rng.next() * (max - min);
