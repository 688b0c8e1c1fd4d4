import { strategies } from '@scalpstorm/strategies';
import { usageFailure } from '../failure.js';

/**
 * A strategy of somebody's own has an id of its own, or nobody could say which of the two runs.
 * @throws Failure `ID_TAKEN`
 */
export function refuseTaken(id: string): void {
  if (!strategies.has(id)) return;
  const next = `take another id, e.g. my-${id}; \`scalpstorm strategy list\` has those of bars`;
  throw usageFailure('ID_TAKEN', `the id ${id} comes with the platform.`, next);
}
