import { mayActAs, type Principal, type Right, rolesWith, scopeFor } from './principal.js';
import { type Problem, problems } from './problem.js';

export interface Door {
  readonly access: Right;
  /** Keys of programs are not enough: what would let a stolen key outlive its revocation, or hold other secrets. */
  readonly personOnly: boolean;
  /** It changes something, so what is known of the caller must be of this moment. */
  readonly isCommand: boolean;
}

/** Why this principal may not pass; null when it may. */
export function refusalAt(
  { role, apiKey }: Principal,
  { access, personOnly }: Omit<Door, 'isCommand'>,
): Problem | null {
  if (!mayActAs(role, access)) return problems.forbidden(rolesWith[access]);
  if (apiKey === undefined) return null;
  const scope = scopeFor[access];
  if (personOnly || scope === null) return problems.personNeeded();
  return apiKey.scopes.includes(scope) ? null : problems.scopeMissing(scope);
}
