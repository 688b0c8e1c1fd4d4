import type { Rng } from '@scalpstorm/kernel';
import type { Ground } from './ground.js';

/** So many places that are not refused, or all that are left. */
export function dealt(ground: Ground, deck: Deck, count: number): readonly number[] {
  const places: number[] = [];
  while (places.length < count) {
    const place = deck.deal();
    if (place === null) break;
    if (ground.at(place) !== null) places.push(place);
  }
  return places;
}

/** All places in random order, none twice: Fisher's and Yates's shuffle, of which only what was moved is kept. */
export class Deck {
  private readonly moved = new Map<number, number>();
  private left: number;

  constructor(
    size: number,
    private readonly rng: Rng,
  ) {
    this.left = size;
  }

  deal(): number | null {
    if (this.left === 0) return null;
    // Two draws: one has 32 bits, and a space may have more places than that.
    const at = Math.floor(((this.rng.below(2 ** 21) + this.rng.next()) / 2 ** 21) * this.left);
    this.left -= 1;
    const place = this.moved.get(at) ?? at;
    this.moved.set(at, this.moved.get(this.left) ?? this.left);
    this.moved.delete(this.left);
    return place;
  }
}
