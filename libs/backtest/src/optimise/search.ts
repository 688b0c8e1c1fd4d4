import { fail, ok, type Result, seededRng } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { Deck, dealt } from './deck.js';
import type { Ground } from './ground.js';
import type { Search } from './told.js';
import { tpe } from './tpe.js';

export const searchKinds = ['grid', 'random', 'tpe'] as const;
export type SearchKind = (typeof searchKinds)[number];

export interface SearchSpec {
  readonly kind: SearchKind;
  /** Trials of a random search or of TPE; a grid tries everything. */
  readonly tries: number;
  readonly seed: number;
}

export const triesMax = 200_000;

/** The same spec over the same ground asks the same questions, as long as it gets the same answers. */
export function search(ground: Ground, { kind, tries, seed }: SearchSpec): Search {
  switch (kind) {
    case 'grid':
      return grid(ground);
    case 'random':
      return random(ground, tries, seed);
    case 'tpe':
      return tpe(ground, tries, seededRng(seed));
  }
}

/** Null: it can begin. */
export function checkSearch(ground: Ground, { kind, tries }: SearchSpec): Result<null, BacktestFault> {
  const { size } = ground.space;
  if (kind === 'grid' && size > triesMax) {
    return fail({
      code: 'SPACE_TOO_LARGE',
      text: `A grid of ${size} combinations is more than ${triesMax}.`,
      next: 'Use larger steps, or search by tpe or at random.',
    });
  }
  if (kind === 'grid' || (Number.isSafeInteger(tries) && tries >= 1 && tries <= triesMax)) return ok(null);
  return fail({ code: 'NOT_ALLOWED', text: `${tries} trials.`, next: `Use 1 to ${triesMax}.` });
}

function* grid(ground: Ground): Search {
  const places = Array.from({ length: ground.space.size }, (_, place) => place);
  yield places.filter((place) => ground.at(place) !== null);
}

function* random(ground: Ground, tries: number, seed: number): Search {
  const deck = new Deck(ground.space.size, seededRng(seed));
  yield dealt(ground, deck, tries);
}
