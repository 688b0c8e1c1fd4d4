import { registerHooks } from 'node:module';
import { noteImport } from './module-code.js';

const ours = '@scalpstorm/';
let isRegistered = false;

/**
 * Lets a module of a user, wherever it lies, import `@scalpstorm/strategies` and `@scalpstorm/indicators`: it gets those of this
 * installation, so that a strategy and who runs it agree. Of this thread only; a worker registers for itself. Notes what is imported
 * from then on.
 */
export function resolveOwnPackages(): void {
  if (isRegistered) return;
  isRegistered = true;
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier.startsWith(ours)) return next(specifier, { ...context, parentURL: import.meta.url });
      const resolved = next(specifier, context);
      noteImport(context.parentURL, resolved.url);
      return resolved;
    },
  });
}
