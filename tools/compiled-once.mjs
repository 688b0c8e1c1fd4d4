import vm from 'node:vm';

const wrapped = Symbol.for('scalpstorm.compiled-once');

/**
 * Jest compiles every module anew for every suite, and a suite that stands on Nest has some two thousand. Here a process keeps what
 * V8 made of a text, and the next suite that loads the same text begins from that. Only the compiled code is kept: each suite still
 * runs each module itself, in a world of its own.
 */
export function compileOnce() {
  if (vm[wrapped]) return;
  vm[wrapped] = true;
  vm.SourceTextModule = compilingModulesOnce(vm.SourceTextModule);
  vm.compileFunction = compilingFunctionsOnce(vm.compileFunction);
}

function compilingModulesOnce(SourceTextModule) {
  const kept = new Map();
  const construct = (target, [text, options], asked) => {
    const cachedData = kept.get(text);
    if (cachedData !== undefined) {
      try {
        return Reflect.construct(target, [text, { ...options, cachedData }], asked);
      } catch (error) {
        // V8's flags may have changed since.
        if (error?.code !== 'ERR_VM_MODULE_CACHED_DATA_REJECTED') throw error;
      }
    }
    const module = Reflect.construct(target, [text, options], asked);
    kept.set(text, module.createCachedData());
    return module;
  };
  return new Proxy(SourceTextModule, { construct });
}

function compilingFunctionsOnce(compileFunction) {
  const kept = new Map();
  return (text, parameters, options) => {
    const key = `${parameters}\n${text}`;
    const cachedData = kept.get(key);
    const produceCachedData = cachedData === undefined;
    const compiled = compileFunction(text, parameters, { ...options, cachedData, produceCachedData });
    if (compiled.cachedData !== undefined) kept.set(key, compiled.cachedData);
    return compiled;
  };
}
