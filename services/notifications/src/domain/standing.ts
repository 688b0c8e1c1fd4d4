import type { UserStanding } from '@scalpstorm/contracts';
import type { BotVerb } from '@scalpstorm/model';
import { type Intent, neededRole } from './intent.js';

const reducing: readonly BotVerb[] = ['pause', 'stop', 'flatten'];

/** It can only make less of what is open, so it is carried out also when nobody can be asked who the user is now. */
export const onlyReduces = (intent: Intent): boolean =>
  intent.kind === 'halt' || (intent.kind === 'bots' && reducing.includes(intent.verb));

/** Why it is not carried out, by what the user is now and not when the chat was linked; null: it is. `standing` null: nobody answered. */
export function refusalFor(intent: Intent, standing: Pick<UserStanding, 'role'> | null): string | null {
  if (standing === null) return onlyReduces(intent) ? null : unknownText;
  if (standing.role === null) return 'Your user was disabled: nothing was changed.';
  if (standing.role === 'viewer') return `Your role may look and not act; this needs the role ${neededRole}.`;
  return null;
}

const unknownText = 'The gateway did not answer whether you may do this: nothing was changed. Try again.';
