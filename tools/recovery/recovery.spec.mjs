import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../paths.mjs';
import { createRandom, kinds, shuffled } from './run.mjs';

function recovery(...args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'tools/recovery/main.mjs'), '--json', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let answer = '';
    let told = '';
    child.stdout.on('data', (chunk) => {
      answer += chunk;
    });
    child.stderr.on('data', (chunk) => {
      told += chunk;
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, answer, told }));
  });
}

/** Who writes and who keeps what is written of an order. `npm run recovery` kills every kind, in CI with the containers. */
const killed = ['strategy', 'risk-gate', 'execution', 'nats', 'postgres', 'redis'];

describe('a trading platform whose processes are killed', () => {
  test('places exactly one next order, loses no fill and keeps every decimal, whatever dies', async () => {
    const wanted = ['--kills', '1', '--seed', '1', '--bots', '3', '--kinds', killed.join(',')];
    const { code, answer, told } = await recovery(...wanted);
    const result = JSON.parse(answer || JSON.stringify({ violations: [told.slice(-2_000)] }));
    expect({ seed: result.seed, violations: result.violations }).toEqual({ seed: result.seed, violations: [] });
    expect(code).toBe(0);
    const ways = [...killed, 'two at once', 'one while another recovers'];
    expect(Object.keys(result.perKind).sort()).toEqual(ways.sort());
    expect(result.fills).toBeGreaterThan(killed.length);
  }, 600_000);

  test('refuses a kind that does not exist, and says which do', async () => {
    const { code, told } = await recovery('--kinds', 'kafka');
    expect(code).toBe(2);
    expect(told).toContain('INVALID_OPTION');
    expect(told).toContain('execution');
  });

  test('dies at the same moments for the same seed', () => {
    const order = (seed) => shuffled(kinds, createRandom(seed));
    expect(order(7)).toEqual(order(7));
    expect(order(7)).not.toEqual(order(8));
    expect([...order(7)].sort()).toEqual([...kinds].sort());
  });
});
