import { join } from 'node:path';
import circus from 'jest-circus/runner';
import { root } from './paths.mjs';
import { suitesAfter, togetherFileVariable, togetherVariable } from './suites-together.mjs';

/** Jest's own runner; a suite that leads others brings them into its load. */
export default function runTogether(globalConfig, config, environment, runtime, testPath, tell) {
  // What a suite starts is not to be told of it.
  for (const name of [togetherVariable, togetherFileVariable]) delete environment.global.process.env[name];
  const leading = new Proxy(runtime, {
    get(target, name) {
      if (name === 'unstable_importModule')
        return async (path, ...given) => {
          const loaded = await target.unstable_importModule(path, ...given);
          if (path === testPath)
            for (const other of suitesAfter(path)) await target.unstable_importModule(join(root, other));
          return loaded;
        };
      const value = target[name];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return circus.default(globalConfig, config, environment, leading, testPath, tell);
}
