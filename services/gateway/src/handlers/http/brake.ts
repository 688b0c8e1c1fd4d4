import { routes } from './routes.js';

/** Halt and release: never refused for want of room, and counted apart, so that other requests leave them room. */
export const isBrake = (path: string | undefined): boolean => path === routes.halt.path || path === routes.release.path;
