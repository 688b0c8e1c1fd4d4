import type { Rng } from '@scalpstorm/kernel';
import { normalCdf } from '../statistics/normal.js';
import { Deck, dealt } from './deck.js';
import type { Ground } from './ground.js';
import { type Axis, indicesAt, placeOf } from './space.js';
import type { Search, Told } from './told.js';

/** Drawn at random before there is anything to learn from. */
const firstTries = 12;
/** Asked at once, so that several cores have something to do. A part of the search: it does not follow the machine. */
const batch = 4;
/** Drawn from what is good, of which the most promising is tried. */
const draws = 32;
/** Of a normal, until one lies on the axis. */
const drawsMax = 100;
/** The share of the trials that is called good. */
const goodShare = 0.15;
const goodMax = 25;
/** The prior counts as one trial, and of a choice as so many for each option: one that was unlucky twice is looked at again. */
const sightsOfOption = 2;

/**
 * The tree-structured Parzen estimator of Bergstra, Bardenet, Bengio, Kégl (2011), "Algorithms for hyper-parameter optimization": the
 * trials are split into good ones and others, both are described by a density, and the next trial is the draw from the good density at
 * which good ÷ other is largest. Axes are taken as independent of each other.
 */
export function* tpe(ground: Ground, tries: number, rng: Rng): Search {
  const deck = new Deck(ground.space.size, rng);
  const seen = new Set<number>();
  const told: Told[] = [];
  while (seen.size < tries) {
    const places: number[] = [];
    const count = Math.min(seen.size === 0 ? firstTries : batch, tries - seen.size);
    const guess = told.length === 0 ? null : new Guess(ground, told, rng);
    while (places.length < count) {
      const place = guess?.next(seen) ?? fresh(ground, deck, seen);
      if (place === null) break;
      seen.add(place);
      places.push(place);
    }
    if (places.length === 0) return;
    told.push(...(yield places));
  }
}

/** Anywhere where nobody was; null: there is nothing left. */
function fresh(ground: Ground, deck: Deck, seen: ReadonlySet<number>): number | null {
  for (;;) {
    const [place] = dealt(ground, deck, 1);
    if (place === undefined) return null;
    if (!seen.has(place)) return place;
  }
}

/** What the trials so far say about where the next one should be. */
class Guess {
  private readonly good: readonly Density[];
  private readonly other: readonly Density[];

  constructor(
    private readonly ground: Ground,
    told: readonly Told[],
    private readonly rng: Rng,
  ) {
    const ranked = told.toSorted((one, two) => worth(two) - worth(one) || one.place - two.place);
    const count = Math.max(1, Math.min(goodMax, Math.ceil(goodShare * ranked.length)));
    this.good = densitiesOf(ground, ranked.slice(0, count));
    this.other = densitiesOf(ground, ranked.slice(count));
  }

  /** Null: every draw was seen or refused. */
  next(seen: ReadonlySet<number>): number | null {
    const { ground, good, other, rng } = this;
    let best: number | null = null;
    let promise = Number.NEGATIVE_INFINITY;
    for (let draw = 0; draw < draws; draw += 1) {
      const indices = good.map((density) => density.draw(rng));
      const place = placeOf(ground.space, indices);
      if (seen.has(place) || ground.at(place) === null) continue;
      const ratio = indices.reduce((sum, index, axis) => sum + logRatio(good[axis], other[axis], index), 0);
      if (ratio <= promise) continue;
      promise = ratio;
      best = place;
    }
    return best;
  }
}

const worth = ({ score }: Told): number => score ?? -Number.MAX_VALUE;

const logRatio = (good: Density | undefined, other: Density | undefined, index: number): number =>
  Math.log(good?.at(index) ?? 1) - Math.log(other?.at(index) ?? 1);

function densitiesOf({ space }: Ground, told: readonly Told[]): readonly Density[] {
  const indices = told.map(({ place }) => indicesAt(space, place));
  return space.axes.map((axis, at) => {
    const found = indices.map((one) => one[at] as number);
    const weight = axis.isOrdered ? 1 : sightsOfOption * axis.values.length;
    const share = weight / (weight + found.length);
    return axis.isOrdered ? new ParzenDensity(axis, found, share) : new CountedDensity(axis, found, share);
  });
}

/** A weight for each index of an axis. */
interface Density {
  at(index: number): number;
  draw(rng: Rng): number;
}

/** Of choices and flags: how often each was seen; and the prior, in which all are alike. */
class CountedDensity implements Density {
  private readonly shares: readonly number[];

  constructor({ values }: Axis, found: readonly number[], priorShare: number) {
    const seen = (index: number) => found.filter((one) => one === index).length / Math.max(1, found.length);
    this.shares = values.map((_, index) => priorShare / values.length + (1 - priorShare) * seen(index));
  }

  at(index: number): number {
    return this.shares[index] as number;
  }

  draw(rng: Rng): number {
    let left = rng.next();
    const found = this.shares.findIndex((share) => {
      left -= share;
      return left < 0;
    });
    return found < 0 ? this.shares.length - 1 : found;
  }
}

interface Bump {
  readonly centre: number;
  readonly width: number;
  /** So that what lies on the axis adds up to one. */
  readonly height: number;
}

/**
 * Of whole numbers and of numbers in steps: a normal about each trial, as wide as the gap to its farther neighbour, cut at the ends of
 * the axis; and the prior, in which all are alike.
 */
class ParzenDensity implements Density {
  private readonly length: number;
  private readonly bumps: readonly Bump[];
  private readonly known = new Map<number, number>();

  constructor(
    { values }: Axis,
    found: readonly number[],
    private readonly priorShare: number,
  ) {
    this.length = values.length;
    const centres = found.toSorted((one, two) => one - two);
    const narrow = Math.max(0.5, this.length / Math.min(100, 1 + centres.length) / 2);
    this.bumps = centres.map((centre, at) => {
      const below = centre - (centres[at - 1] ?? -0.5);
      const above = (centres[at + 1] ?? this.length - 0.5) - centre;
      return this.bump(centre, Math.max(narrow, Math.min(Math.max(below, above), 4 * narrow)));
    });
  }

  private bump(centre: number, width: number): Bump {
    const inside = normalCdf((this.length - 0.5 - centre) / width) - normalCdf((-0.5 - centre) / width);
    return { centre, width, height: 1 / (width * inside * Math.sqrt(2 * Math.PI)) };
  }

  at(index: number): number {
    const known = this.known.get(index);
    if (known !== undefined) return known;
    let sum = 0;
    for (const { centre, width, height } of this.bumps) {
      const apart = (index - centre) / width;
      sum += height * Math.exp((-apart * apart) / 2);
    }
    const share = this.priorShare / this.length + ((1 - this.priorShare) * sum) / Math.max(1, this.bumps.length);
    this.known.set(index, share);
    return share;
  }

  draw(rng: Rng): number {
    const bump = rng.next() < this.priorShare ? undefined : this.bumps[rng.below(this.bumps.length)];
    for (let attempt = 0; bump !== undefined && attempt < drawsMax; attempt += 1) {
      const index = Math.round(bump.centre + bump.width * rng.gaussian());
      if (index >= 0 && index < this.length) return index;
    }
    return rng.below(this.length);
  }
}
