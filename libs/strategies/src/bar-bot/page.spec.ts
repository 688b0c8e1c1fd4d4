import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { barStrategies } from '../bars/bar-strategies.js';

const page = readFileSync(new URL('../../../../docs/strategies/bar-strategies.md', import.meta.url), 'utf8');

describe('the page of strategies over bars', () => {
  it.each([...barStrategies.values()])('has $id with its parameters and their defaults', ({ id, parameters }) => {
    const row = page.split('\n').find((line) => line.startsWith(`| \`${id}\` |`));
    const told = Object.entries(parameters).map(([name, { default: value }]) => `\`${name}\` ${value}`);
    expect(row?.endsWith(`| ${told.join(', ')} |`)).toBe(true);
  });
});
