import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../paths.mjs';
import { inputsOf, output } from './programs.mjs';
import { starting, startingSealed } from './starting.mjs';
import { areUnchanged, markOf } from './unchanged.mjs';

describe('a bundled program', () => {
  let place;
  const path = (file) => join(place, file);
  const write = (file, text) => writeFileSync(path(file), text);
  const module = 'services/shop/dist/price.js';
  const chunk = 'dist/bundle/shop-1.js';
  const says = () => execFileSync(process.execPath, [path('dist/shop.js')], { encoding: 'utf8' });
  const bundle = () =>
    write(
      'dist/shop.json',
      JSON.stringify(
        Object.fromEntries([module, chunk].map((file) => [relative(path('dist'), path(file)), markOf(path(file))])),
      ),
    );

  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), 'scalpstorm-bundle-'));
    for (const folder of ['dist/bundle', 'services/shop/dist']) mkdirSync(path(folder), { recursive: true });
    symlinkSync(join(root, 'tools'), path('tools'));
    write('package.json', '{"type":"module"}');
    write(chunk, "console.log('bundled');");
    write('services/shop/dist/main.js', "console.log('compiled');");
    write(module, 'export const price = 1;');
    write('dist/shop.js', starting('shop', 'shop-1.js'));
    bundle();
  });

  afterEach(() => rmSync(place, { recursive: true, force: true }));

  it('runs while it is what the compiler last wrote', () => {
    expect(says()).toBe('bundled\n');
  });

  it('leaves the start to the compiled program when one of its modules was compiled since', () => {
    write(module, 'export const price = 2;');
    expect(says()).toBe('compiled\n');
    bundle();
    expect(says()).toBe('bundled\n');
  });

  it('leaves it to the compiled program when one of its modules has gone', () => {
    rmSync(path(module));
    expect(says()).toBe('compiled\n');
  });

  it('leaves it to the compiled program when a chunk of it has gone, and is bundled by the next build', () => {
    rmSync(path('dist/bundle'), { recursive: true });
    expect(says()).toBe('compiled\n');
    expect(areUnchanged(path('dist/shop.json'))).toBe(false);
  });

  it('knows every chunk that it loads', () => {
    const made = Object.keys(JSON.parse(readFileSync(inputsOf('execution'), 'utf8')));
    const chunks = made.filter((file) => file.startsWith('bundle/')).map((file) => basename(file));
    expect(chunks).toContainEqual(expect.stringMatching(/^execution-/));
    const imported = chunks.flatMap((file) => {
      const code = readFileSync(join(output, 'bundle', file), 'utf8');
      return [...code.matchAll(/(?:from|import)\s*\(?"\.\/([\w.-]+\.js)"/g)].map(([, name]) => name);
    });
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.filter((name) => !chunks.includes(name))).toEqual([]);
  });

  it('leaves it to the compiled program when nobody knows what it was made of', () => {
    rmSync(path('dist/shop.json'));
    expect(says()).toBe('compiled\n');
  });

  it('knows modules that only hand on what others export', () => {
    const made = JSON.parse(readFileSync(inputsOf('execution'), 'utf8'));
    expect(Object.keys(made)).toContain('../libs/kernel/dist/index.js');
  });

  it('does not ask in an image, where the times of files are those of the copy', () => {
    write('dist/shop.js', startingSealed('shop-1.js'));
    write(module, 'export const price = 2;');
    expect(says()).toBe('bundled\n');
  });
});
