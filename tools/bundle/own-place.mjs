// Modules that find their files by where they lie find them from inside a bundle, too: each is told its own place.
import { dirname, relative } from 'node:path';

const placeModule = 'bundle:place';
const metaPlace = /\bimport\.meta\.(url|filename|dirname)\b/g;
const commonPlace = /\b__(filename|dirname)\b/;
const isModule = /^\s*(?:import|export)\b/m;
/** Code may come before nothing but these, or the module would no longer be strict. */
const prologue = /^(?:#!.*\n)?(?:(?:\s|\/\/.*\n|\/\*[\s\S]*?\*\/)*(?:'use strict'|"use strict");?)?/;

/** It lies beside every other chunk, so one relative path is right for all. */
const placeSource = `import { fileURLToPath } from 'node:url';
export const urlOf = (path) => new URL(path, import.meta.url).href;
export const fileOf = (path) => fileURLToPath(urlOf(path));
`;

/**
 * @param {string} code
 * @param {string} path of the module, relative to where the bundle lies
 */
export function withOwnPlace(code, path) {
  const [file, folder] = [path, dirname(path)].map((text) => JSON.stringify(text));
  if (!isModule.test(code)) {
    if (!commonPlace.test(code)) return undefined;
    const place = `const { fileOf: __placeOf } = require("${placeModule}");`;
    const names = `var __filename = __placeOf(${file}), __dirname = __placeOf(${folder});`;
    return code.replace(prologue, (start) => `${start};${place}${names}`);
  }
  const expressions = { url: `__urlOf(${file})`, filename: `__fileOf(${file})`, dirname: `__fileOf(${folder})` };
  const placed = code.replace(metaPlace, (_, name) => expressions[name]);
  if (placed === code) return undefined;
  return `import { urlOf as __urlOf, fileOf as __fileOf } from "${placeModule}";${placed}`;
}

/** @param {string} folder where the bundle lies */
export function ownPlace(folder) {
  return {
    name: 'own-place',
    resolveId: { filter: { id: /^bundle:place$/ }, handler: () => `\0${placeModule}` },
    load: { filter: { id: /^\0bundle:place$/ }, handler: () => placeSource },
    transform: {
      filter: { code: /\bimport\.meta\.|\b__(?:filename|dirname)\b/ },
      handler(code, id) {
        if (id.startsWith('\0')) return undefined;
        const placed = withOwnPlace(code, relative(folder, id));
        return placed === undefined ? undefined : { code: placed, map: null };
      },
    },
  };
}
