import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { root } from '../paths.mjs';
import { planOf } from './plan.mjs';

async function chaos(...args) {
  const child = spawn(process.execPath, [join(root, 'tools/chaos/main.mjs'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NATS_URL: 'nats://127.0.0.1:1' },
  });
  let told = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      told += chunk;
    });
  const [code] = await once(child, 'close');
  return { code, told };
}

describe('npm run chaos', () => {
  test.each([
    [['--kinds', 'earthquake'], 'INVALID_OPTION', 'half-open-link'],
    [['--kills', '0'], 'INVALID_OPTION', '--kills must be a whole number from 1 to 10000'],
    [['--sede', '1'], 'UNKNOWN_OPTION', 'npm run chaos -- --help'],
  ])('refuses %j, with a code and the next step', async (args, code, said) => {
    const answer = await chaos(...args);
    expect(answer.code).toBe(2);
    expect(answer.told).toContain(code);
    expect(answer.told).toContain(said);
  });

  test('tells the faults of a seed without striking any', async () => {
    const { code, told } = await chaos('--plan', '--kills', '5', '--seed', '9');
    expect(code).toBe(0);
    const lines = told.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(planOf({ kills: 5, seed: 9 }));
  });
});
