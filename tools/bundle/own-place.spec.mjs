import { describe, expect, it } from '@jest/globals';
import { withOwnPlace } from './own-place.mjs';

describe('the own place of a module in a bundle', () => {
  it('is given to a module that asks for its address', () => {
    const placed = withOwnPlace("const files = new URL('../files', import.meta.url);\nexport { files };", '../a/b.js');
    expect(placed).toContain('new URL(\'../files\', __urlOf("../a/b.js"));');
  });

  it('is given to a module that asks for its folder', () => {
    expect(withOwnPlace('export const at = import.meta.dirname;', '../a/b.js')).toContain('at = __fileOf("../a");');
  });

  it('is given to a CommonJS module, which stays strict', () => {
    const placed = withOwnPlace("// of somebody\n'use strict';\nmodule.exports = __dirname;", '../a/b.js');
    expect(placed.startsWith("// of somebody\n'use strict';")).toBe(true);
    const at = { exports: {} };
    const fileOf = (path) => `/place/${path}`;
    new Function('module', 'require', placed)(at, () => ({ fileOf }));
    expect(at.exports).toBe('/place/../a');
  });

  it('is not given to what does not ask', () => {
    expect(withOwnPlace('module.exports = 1;', '../a/b.js')).toBeUndefined();
    expect(withOwnPlace("export const text = '__dirname';", '../a/b.js')).toBeUndefined();
  });
});
