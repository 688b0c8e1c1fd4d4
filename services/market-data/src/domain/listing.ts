import type { Instrument } from '@scalpstorm/model';

/** Of those that we follow, the ones that their venue lists no more; as halted, because nothing can be done with them. */
export function delistedOf(followed: readonly Instrument[], listed: readonly Instrument[]): readonly Instrument[] {
  const there = new Set(listed.map(({ id }) => id));
  return followed
    .filter(({ id }) => !there.has(id))
    .map((instrument) => ({ ...instrument, status: 'halted' as const }));
}
