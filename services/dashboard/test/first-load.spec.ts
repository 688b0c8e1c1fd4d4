import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';

const folder = fileURLToPath(new URL('../dist/app/', import.meta.url));
const firstLoadBytesMax = 220 * 1024;

/** A file and everything that it imports without being asked twice. */
function reached(name: string, found: Set<string>): Set<string> {
  if (found.has(name) || !existsSync(folder + name)) return found;
  found.add(name);
  if (!name.endsWith('.js')) return found;
  const text = readFileSync(folder + name, 'utf8');
  for (const [, path = ''] of text.matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+)["'`]/g))
    reached(`assets/${path}`, found);
  return found;
}

describe('the built page', () => {
  const index = existsSync(`${folder}index.html`) ? readFileSync(`${folder}index.html`, 'utf8') : '';

  it('is built; else run npm run build', () => {
    expect(index).toContain('<div id="app">');
  });

  it('loads at most 220 kB, packed, before the overview is there, and no chart', () => {
    const named = [...index.matchAll(/(?:src|href)="\/([\w./-]+)"/g)].map(([, path = '']) => path);
    const overview = readdirSync(`${folder}assets`).filter((name) => /^overview-.*\.js$/.test(name));
    expect(overview).toHaveLength(1);
    const files = new Set(['index.html']);
    for (const name of [...named, `assets/${overview[0]}`]) reached(name, files);
    expect([...files].some((name) => name.includes('chart'))).toBe(false);
    const bytes = [...files].map((name) => gzipSync(readFileSync(folder + name), { level: 9 }).length);
    const total = bytes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThanOrEqual(firstLoadBytesMax);
  });

  it('has no script, style or handler of its own in the markup, so that the policy can forbid them', () => {
    expect(index).not.toMatch(/<script(?![^>]*src=)|<style|style=|\son\w+=/);
  });
});
