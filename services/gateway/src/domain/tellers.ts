import { Timestamp } from '@scalpstorm/kernel';

/** Of whom nothing was heard for so long is gone; everybody tells something every second, also on a machine that is short of time. */
export const silentMicros = 30_000_000;
/** Who starts has heard the others within this, if there are any. */
export const greetedMicros = 3_000_000;

/** What another gateway said. */
export interface Told {
  readonly teller: string;
  /** How many changes it has folded. */
  readonly number: number;
  /** It tells the last of them. */
  readonly hasChange: boolean;
}
export interface Heard {
  /** Nothing was heard of this one before, or not for a while. */
  readonly isFirst: boolean;
  /** Not heard before. */
  readonly isNew: boolean;
  /** Changes were folded that were not heard here. */
  readonly hasGap: boolean;
}

/** The other gateways, and how much was heard of each: of one that was not known it was nothing, so whatever it has folded is missing. */
export class Tellers {
  readonly #known = new Map<string, { readonly number: number; readonly heardAt: Timestamp }>();

  get size(): number {
    return this.#known.size;
  }

  hear({ teller, number, hasChange }: Told, now: Timestamp): Heard {
    const known = this.#known.get(teller);
    const before = known?.number ?? 0;
    this.#known.set(teller, { number: Math.max(before, number), heardAt: now });
    return {
      isFirst: known === undefined,
      isNew: number > before,
      hasGap: (hasChange ? number - 1 : number) > before,
    };
  }

  forgetSilent(now: Timestamp): void {
    const oldest = Timestamp.plus(now, -silentMicros);
    for (const [teller, { heardAt }] of this.#known) if (heardAt < oldest) this.#known.delete(teller);
  }
}
