import type { Principal } from '../domain/principal.js';

/** Who wants something done, and under which id: a repeat with the same id does it once. */
export interface Caller {
  readonly user: Principal;
  readonly commandId: string;
}
