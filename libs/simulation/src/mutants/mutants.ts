import { mutantsOfExecution } from './of-execution.js';
import { mutantsOfGateAndBots } from './of-gate-and-bots.js';
import { mutantsOfMatching } from './of-matching.js';
import type { Mutant } from './wrapped.js';

/** Each is caught, or the checks prove nothing. */
export const mutants: readonly Mutant[] = [...mutantsOfExecution, ...mutantsOfMatching, ...mutantsOfGateAndBots];

export function mutantOf(name: string): Mutant | null {
  return mutants.find((mutant) => mutant.name === name) ?? null;
}
