import { type Micros, millisecond, type Rng, second } from '@scalpstorm/kernel';
import { type CrashPoint, crashPoints, processOf } from './crash-points.js';

/** What goes wrong besides crashes, for a while. */
export const weatherKinds = [
  'messages-lost',
  'messages-late',
  'acknowledgements-lost',
  'publishes-lost',
  'events-unpublished',
  'market-silent',
  'database-away',
  'commits-unknown',
  'venue-late',
  'venue-lost',
  'venue-answers-lost',
  'venue-refuses',
  'venue-fails',
  'venue-unreadable',
  'venue-lags',
  'venue-counts-late',
  'stream-down',
  'stream-disordered',
] as const;
export type WeatherKind = (typeof weatherKinds)[number];

/** One thing that goes wrong; a run is its seed and a list of these, so that it can be made smaller. */
export type Fault =
  /** The process dies when it reaches the point the next time after `at`. */
  | { readonly kind: 'crash'; readonly at: Micros; readonly point: CrashPoint }
  | { readonly kind: 'weather'; readonly at: Micros; readonly lasts: Micros; readonly weather: WeatherKind }
  /** The clock of the platform's machine is put forward or back. */
  | { readonly kind: 'clock'; readonly at: Micros; readonly step: Micros }
  /** Execution stands still, another one takes its place, and the first comes back. */
  | { readonly kind: 'split'; readonly at: Micros; readonly lasts: Micros }
  /** An operator halts everything, or one user his own, and releases it later; with a level it ends what there is, and stays. */
  | {
      readonly kind: 'halt';
      readonly at: Micros;
      readonly lasts: Micros;
      readonly user: number | null;
      readonly level?: 'cancel' | 'flatten';
      /** So long before it the same person has everything canceled. */
      readonly afterCancel?: Micros;
    }
  /** A timer is armed that nobody renews; it flattens. */
  | { readonly kind: 'dead-man'; readonly at: Micros; readonly user: number | null };

/** What goes wrong in a run, in the order of time. */
export interface Plan {
  readonly seed: number;
  readonly faults: readonly Fault[];
  /** From when on nothing goes wrong any more. */
  readonly until: Micros;
  /** The venue keeps no ids of ours; absent: it does. */
  readonly keepsNoIds?: boolean;
  /** People plan brackets; absent: they do not. */
  readonly brackets?: boolean;
}

/** Bots begin, the gate opens. */
const quietAtFirst = 4 * second;
const crashGap = { least: 300 * millisecond, most: 4_000 * millisecond } as const;
/** After the last crash: what is forgotten then is not made good by another start. */
const tail = 8 * second;

/** Forward by more than execution waits for a venue that lies behind: no age that proves something goes by this clock. */
const clockSteps = { back: 2_500 * millisecond, forward: 12 * second } as const;

/** Prices become too old; an approval and its grace are over, and nobody has heard what became of it; many an end comes before its last fill. */
const longest: Readonly<Partial<Record<WeatherKind, Micros>>> = {
  'market-silent': 9 * second,
  'events-unpublished': 12 * second,
  'venue-counts-late': 9 * second,
};

const between = (rng: Rng, least: Micros, most: Micros): Micros => least + rng.below(most - least);

/**
 * The faults of a seed. The points of its crashes follow one another round the list, so that some seeds together meet them all; when
 * each comes is drawn.
 */
export function planOf(seed: number, crashes: number, rng: Rng): Plan {
  const faults: Fault[] = [];
  let at = quietAtFirst;
  const first = seed * crashes;
  for (let count = 0; count < crashes; count += 1) {
    at += between(rng, crashGap.least, crashGap.most);
    const point = crashPoints[(first + count) % crashPoints.length];
    if (point === undefined) continue;
    faults.push({ kind: 'crash', at, point });
    // What a gate has said and nobody has heard yet is what the next one does not know.
    const late = { kind: 'weather', weather: 'messages-late', at: at - 300 * millisecond, lasts: 2 * second } as const;
    if (processOf(point) === 'risk-gate' && rng.below(2) === 0) faults.push(late);
  }
  const until = at + tail;
  faults.push(...weathers(rng, until), ...halts(rng, until), ...others(rng, until));
  const keepsNoIds = rng.below(4) === 0;
  faults.push(...endings(rng, until));
  const sorted = faults.toSorted((left, right) => left.at - right.at);
  return { seed, faults: sorted, until, keepsNoIds, brackets: rng.below(2) === 0 };
}

/** In five of six seeds: some crashes are still to come, and some come while it goes on. */
function endings(rng: Rng, until: Micros): readonly Fault[] {
  const draw = rng.below(6);
  const at = until - between(rng, second, 14 * second);
  const user = rng.below(3) === 0 ? null : rng.below(2);
  if (draw === 0) return [{ kind: 'dead-man', at, user }];
  if (draw === 1) return [{ kind: 'halt', at, lasts: until, user, level: 'cancel' }];
  if (draw === 2 || draw === 4) return heardByTheLoser(rng, until);
  return draw === 3 ? [{ kind: 'halt', at, lasts: until, user, level: 'flatten' }] : [];
}

/**
 * Somebody has canceled what opens, and then flattens while execution stands still: when it wakes, another has taken over, and the word
 * that waits for it is the one thing that it can still do.
 */
function heardByTheLoser(rng: Rng, until: Micros): readonly Fault[] {
  const said = until - between(rng, 0, 6 * second);
  const split = said - between(rng, 100 * millisecond, 3 * second);
  const at = said - between(rng, 5 * second, 8 * second);
  const user = rng.below(2) === 0 ? null : rng.below(2);
  return [
    { kind: 'halt', at, lasts: until, user, level: 'flatten', afterCancel: said - at },
    { kind: 'split', at: split, lasts: between(rng, 5 * second, 9 * second) },
  ];
}

function weathers(rng: Rng, until: Micros): Fault[] {
  const faults: Fault[] = [];
  for (let at = between(rng, 0, 4 * second); at < until; at += between(rng, 300 * millisecond, 2_500 * millisecond)) {
    const weather = weatherKinds[rng.below(weatherKinds.length)];
    if (weather === undefined) continue;
    const most = longest[weather] ?? 3 * second;
    faults.push({ kind: 'weather', at, lasts: between(rng, 200 * millisecond, most), weather });
  }
  return faults;
}

function halts(rng: Rng, until: Micros): Fault[] {
  const faults: Fault[] = [];
  for (let at = between(rng, 3 * second, 9 * second); at < until; at += between(rng, 8 * second, 22 * second)) {
    const user = rng.below(3) === 0 ? null : rng.below(2);
    // One of a user may outlast a restart of the gate, which opens nothing at first.
    const most = user === null ? 2 * second : 9 * second;
    faults.push({ kind: 'halt', at, lasts: between(rng, 300 * millisecond, most), user });
  }
  return faults;
}

function others(rng: Rng, until: Micros): Fault[] {
  const faults: Fault[] = [];
  for (let at = between(rng, 4 * second, 20 * second); at < until; at += between(rng, 4 * second, 11 * second)) {
    if (rng.below(2) > 0) {
      faults.push({ kind: 'split', at, lasts: between(rng, 3 * second, 9 * second) });
      continue;
    }
    faults.push({ kind: 'clock', at, step: between(rng, -clockSteps.back, clockSteps.forward) });
    // As when a machine has slept: connections are made anew, so everything is compared, and the venue lies behind.
    const behind = { kind: 'weather', weather: 'venue-lags', at: at - second, lasts: 3 * second } as const;
    const cut = {
      kind: 'weather',
      weather: 'stream-down',
      at: at - 200 * millisecond,
      lasts: 400 * millisecond,
    } as const;
    faults.push(behind, cut);
  }
  return faults;
}
