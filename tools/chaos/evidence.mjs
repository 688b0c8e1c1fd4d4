// What is kept of a run that found a violation: every log, and the facts by which it was judged.
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runtimeRoot } from '../paths.mjs';

const folder = join(runtimeRoot, 'kept-of-chaos');
const keptMax = 5;

const plain = (_key, value) => {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Map ? Object.fromEntries(value) : value;
};

/**
 * Logs hold no secrets; the passwords of the instance are not copied.
 * @returns {string} the folder
 */
export function keepEvidence({ instance, seed, result, facts }) {
  const kept = join(folder, `${new Date().toISOString().replaceAll(/[:.]/g, '-')}-seed-${seed}`);
  mkdirSync(kept, { recursive: true, mode: 0o700 });
  cpSync(dirname(instance.logFile('any')), join(kept, 'logs'), { recursive: true });
  writeFileSync(join(kept, 'result.json'), `${JSON.stringify(result, plain, 1)}\n`);
  writeFileSync(join(kept, 'facts.json'), `${JSON.stringify(facts, plain, 1)}\n`);
  for (const old of readdirSync(folder).sort().slice(0, -keptMax)) rmSync(join(folder, old), { recursive: true });
  return kept;
}
