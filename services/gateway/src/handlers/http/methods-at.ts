import { routeTable } from './routes.js';

const patterns = routeTable.map(({ method, path }) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')}$`),
}));

/** The methods that the API has at a path, e.g. `['GET', 'POST']`; none where it has no such path. */
export const methodsAt = (path: string): readonly string[] =>
  [...new Set(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].sort();
