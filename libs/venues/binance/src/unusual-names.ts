import type { ResolvedOptions } from './options.js';

/** So many names are told; a venue has a few of them. What comes after is skipped all the same. */
const toldMax = 1_000;
const shownMax = 40;

/** Told of an asset, symbol or fee whose name is none of ours. */
export type TellSkipped = (what: string, name: string) => void;

/**
 * Names that our currencies and instruments cannot carry, e.g. an asset in another script: nothing of ours can be about them, so what
 * is in them is left out, and told once. They must never keep an account from what it can read.
 */
export class UnusualNames {
  private readonly known = new Set<string>();

  constructor(private readonly onNotice: ResolvedOptions['onNotice']) {}

  /** True the first time. */
  skip(what: string, name: string): boolean {
    const key = `${what} ${name}`;
    if (this.known.has(key) || this.known.size >= toldMax) return false;
    this.known.add(key);
    this.onNotice({ code: 'NAME_SKIPPED', text: `${what} ${JSON.stringify(name.slice(0, shownMax))} is left out` });
    return true;
  }
}
