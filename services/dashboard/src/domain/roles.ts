import type { User } from '../generated/api.js';

export type Role = User['role'];
/** What a door of the gateway asks for: to act as a role, or (`brake`) to halt and release what is one's own. */
export type Right = Exclude<Role, 'viewer'> | 'brake';

/** Who has a right; the same table as the gateway's, which has the last word. */
const rolesWith: Readonly<Record<Right, readonly Role[]>> = {
  trader: ['trader', 'admin'],
  brake: ['trader', 'risk', 'admin'],
  risk: ['risk', 'admin'],
  admin: ['admin'],
};

export const mayAct = (role: Role, needed: Right): boolean => rolesWith[needed].includes(role);

/** As a sentence names them: `risk or administrator`. */
export const holdersOf = (needed: Right): string =>
  rolesWith[needed]
    // An administrator may do everything; it is named only where hardly anybody else may.
    .filter((role) => role !== 'admin' || needed === 'risk' || needed === 'admin')
    .map((role) => roleWords[role].name)
    .join(' or ');

export const roleWords: Readonly<Record<Role, { readonly name: string; readonly may: string }>> = {
  viewer: { name: 'viewer', may: 'Looks at everything of their own, changes nothing.' },
  trader: { name: 'trader', may: 'Runs bots, and halts and releases their own trading.' },
  risk: { name: 'risk', may: 'Looks, and halts and releases everybody. Does not trade.' },
  admin: { name: 'administrator', may: 'Does everything, and lets users in or shuts them out.' },
};
export const roles = Object.keys(roleWords) as readonly Role[];
