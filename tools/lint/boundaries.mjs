import { join } from 'node:path';
import { root } from '../paths.mjs';
import { execute } from './program.mjs';

const program = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
const canary = join(root, 'tools/lint/canary');
/** What the planted files break; each must be reported, or the check proves nothing. */
const planted = [
  { rule: 'layer-kernel', from: 'libs/kernel/src/planted.ts' },
  { rule: 'layer-kernel', from: 'libs/kernel/src/planted-type.ts' },
  { rule: 'npm-model', from: 'libs/model/src/planted.ts' },
  { rule: 'service-never-service', from: 'services/strategy/src/planted.ts' },
  { rule: 'domain-is-pure', from: 'services/strategy/src/domain/planted.ts' },
];
// A misspelt folder would be cruised in silence.
const modulesMin = 20;

async function cruise(folders, cwd) {
  const config = ['--config', join(root, '.dependency-cruiser.cjs'), '--ts-config', join(root, 'tsconfig.specs.json')];
  const args = [...config, '--output-type', 'json', ...folders];
  const { stdout, output } = await execute(program, args, { cwd });
  try {
    return JSON.parse(stdout).summary;
  } catch {
    throw new Error(`dependency-cruiser gave no answer: ${output.slice(0, 1_000)}`);
  }
}

/** Everybody imports only whom they may, and the check would notice if not. */
export async function checkBoundaries() {
  const found = await cruise(['libs', 'services'], canary);
  const reported = (wanted) =>
    found.violations.some(({ rule, from }) => rule.name === wanted.rule && from === wanted.from);
  const missed = planted.filter((wanted) => !reported(wanted));
  if (missed.length > 0) {
    return missed.map(({ rule, from }) => `the planted violation of ${rule} in ${from} was not reported`);
  }
  const { violations, totalCruised } = await cruise(['libs', 'services'], root);
  if (totalCruised < modulesMin) return [`only ${totalCruised} modules were looked at`];
  return violations.map(({ rule, from, to }) => `${rule.severity} ${rule.name}: ${from} → ${to}`);
}
