import type { Rng } from '@scalpstorm/kernel';

/** The market's moods; `pull` is how fast the price returns to its anchor, in 1/s, the rest is ticks and seconds. */
const moods = {
  quiet: { volatility: 3, drift: 0, pull: 0.5, takersPerSecond: 1.2, secondsMin: 3, secondsMax: 8 },
  active: { volatility: 8, drift: 0, pull: 0.33, takersPerSecond: 5, secondsMin: 5, secondsMax: 15 },
  rising: { volatility: 6, drift: 4, pull: 0.33, takersPerSecond: 4, secondsMin: 5, secondsMax: 12 },
  falling: { volatility: 6, drift: -4, pull: 0.33, takersPerSecond: 4, secondsMin: 5, secondsMax: 12 },
} as const;
export type Mood = keyof typeof moods;
const sequence: readonly Mood[] = ['active', 'quiet', 'rising', 'active', 'falling', 'quiet'];

/** The anchor is drawn back to the slow reference in about a minute, so that a trend does not strand everybody for good. */
const anchorPull = 1 / 45;
const referenceVolatility = 1.5;
/** The reference stays within this share of where the market started. */
const referenceRange = 0.02;

/**
 * What the asset is worth by the crowd's own lights, in (fractional) ticks: mean reversion around an anchor that trends and
 * calms down, around a reference that wanders. A model of the world, not money: floating point is right here.
 */
export class FairValue {
  value: number;
  mood: Mood = 'active';
  private anchor: number;
  private reference: number;
  private moodLeft = 0;

  constructor(
    private readonly start: number,
    private readonly rng: Rng,
  ) {
    this.value = this.anchor = this.reference = start;
  }

  get takersPerSecond(): number {
    return moods[this.mood].takersPerSecond;
  }

  /** Moves by `seconds` of market time. */
  step(seconds: number): void {
    this.moodLeft -= seconds;
    if (this.moodLeft <= 0) this.changeMood();
    const { volatility, drift, pull } = moods[this.mood];
    const root = Math.sqrt(seconds);
    const edge = this.start * referenceRange;
    this.reference = Math.min(
      this.start + edge,
      Math.max(this.start - edge, this.reference + referenceVolatility * root * this.rng.gaussian()),
    );
    this.anchor += (drift - (this.anchor - this.reference) * anchorPull) * seconds;
    this.value +=
      (this.anchor - this.value) * (1 - Math.exp(-pull * seconds)) + volatility * root * this.rng.gaussian();
    this.value = Math.max(2, this.value);
  }

  private changeMood(): void {
    this.mood = sequence[this.rng.below(sequence.length)] as Mood;
    const { secondsMin, secondsMax } = moods[this.mood];
    this.moodLeft = secondsMin + this.rng.next() * (secondsMax - secondsMin);
  }
}
