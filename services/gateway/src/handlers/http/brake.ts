import type { AnyRoute } from './route.js';
import { routes } from './routes.js';

const paths: ReadonlySet<string> = new Set(
  (Object.values(routes) as unknown as readonly AnyRoute[])
    .filter(({ access }) => access === 'brake')
    .map(({ path }) => path),
);

/** Halt and release, of whatever scope: never refused for want of room, and counted apart, so that other requests leave them room. */
export const isBrake = (path: string | undefined): boolean => path !== undefined && paths.has(path);
