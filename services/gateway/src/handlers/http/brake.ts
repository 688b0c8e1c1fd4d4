import type { AnyRoute } from './route.js';
import { routes } from './routes.js';

const calls: ReadonlySet<string> = new Set(
  (Object.values(routes) as unknown as readonly AnyRoute[])
    .filter(({ access }) => access === 'brake')
    .map(({ method, path }) => `${method} ${path}`),
);

/**
 * Halt and release, of whatever scope: never refused for want of room, and counted apart, so that other requests leave them room. To look at
 * what they set is no brake, though the path may be the same.
 */
export const isBrake = (method: string, path: string | undefined): boolean =>
  path !== undefined && calls.has(`${method} ${path}`);
