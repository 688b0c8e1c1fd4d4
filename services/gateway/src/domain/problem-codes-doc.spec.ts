import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { routes } from '../handlers/http/routes.js';
import { withProblemCodes } from './problem-codes-doc.js';

const source = new URL('../', import.meta.url);
const document = readFileSync(new URL('../../../../docs/api.md', import.meta.url), 'utf8');

it('docs/api.md has the codes that scripts/problem-codes-doc.mjs writes today', () => {
  expect(withProblemCodes(document)).toBe(document);
});

it('docs/api.md names every code that the gateway raises by itself', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => /^(domain|use-cases|handlers\/http)\/.*\.ts$/.test(file) && !/\.spec\.ts$|problem-codes-doc/.test(file),
  );
  const codes = files.flatMap((file) => {
    const text = readFileSync(new URL(file, source), 'utf8');
    return [...text.matchAll(/code: '([A-Z][A-Z_]+)'/g)].map(([, code]) => code);
  });
  expect(codes.length).toBeGreaterThan(10);
  expect(codes.filter((code) => !document.includes(`\`${code}\``))).toEqual([]);
});

it('docs/api.md names every code of another service that has a status of its own', () => {
  const text = readFileSync(new URL('use-cases/refusals.ts', source), 'utf8');
  const codes = [...text.matchAll(/^ {2}([A-Z][A-Z_]+): \d{3},$/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  expect(codes.filter((code) => !document.includes(`\`${code}\``))).toEqual([]);
});

it('docs/api.md calls only routes that there are', () => {
  const patterns = Object.values(routes).map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`));
  const called = [...document.matchAll(/"\$URL(\/v1\/[^"?]*)/g)].map(([, path = '']) => path);
  expect(called.length).toBeGreaterThan(10);
  const unknown = called.filter(
    (path) => path !== '/v1/openapi.json' && !patterns.some((pattern) => pattern.test(path)),
  );
  expect(unknown).toEqual([]);
});
