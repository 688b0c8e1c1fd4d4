import { join } from 'node:path';
import circus from 'jest-circus/runner';
import { root } from './paths.mjs';
import { loadInTurn, suitesAfter, togetherFileVariable, togetherVariable } from './suites-together.mjs';

// Node takes the heap of a worker apart, a gigabyte, when nothing is left to do. Jest waits half a second for that and says then that something
// was left open. What is open keeps a worker from coming here, and is told as before.
if (process.send !== undefined) process.once('beforeExit', () => process.exit());

/** Jest's own runner; a suite that leads others brings them into its load. */
export default function runTogether(globalConfig, config, environment, runtime, testPath, tell) {
  // What a suite starts is not to be told of it.
  for (const name of [togetherVariable, togetherFileVariable]) delete environment.global.process.env[name];
  const registered = countTests(environment);
  const leading = new Proxy(runtime, {
    get(target, name) {
      if (name === 'unstable_importModule')
        return async (path, ...given) => {
          const load = (suite) => target.unstable_importModule(suite, ...(suite === path ? given : []));
          if (path !== testPath) return load(path);
          const others = suitesAfter(path).map((other) => join(root, other));
          const [loaded] = await loadInTurn([path, ...others], { load, registered });
          return loaded;
        };
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return circus.default(globalConfig, config, environment, leading, testPath, tell);
}

/** How many tests were registered in the environment by now, whether they are to run or not. */
function countTests(environment) {
  const handle = environment.handleTestEvent?.bind(environment);
  let count = 0;
  environment.handleTestEvent = (event, state) => {
    if (event.name === 'add_test') count += 1;
    return handle?.(event, state);
  };
  return () => count;
}
