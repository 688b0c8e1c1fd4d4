import { registerHooks } from 'node:module';

const ours = '@scalpstorm/';
let isRegistered = false;

/**
 * Lets a module of a user, wherever it lies, import `@scalpstorm/strategies` and `@scalpstorm/indicators`: it gets those of this
 * installation, so that a strategy and who runs it agree. Of this thread only; a worker registers for itself.
 */
export function resolveOwnPackages(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve: (specifier, context, next) =>
      next(specifier, specifier.startsWith(ours) ? { ...context, parentURL: import.meta.url } : context),
  });
}
