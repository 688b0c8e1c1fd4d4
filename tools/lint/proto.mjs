import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureRuntimeDirectory, root, runtimeRoot } from '../paths.mjs';
import { execute, runProgram } from './program.mjs';

const buf = 'node_modules/@bufbuild/buf/bin/buf';
export const generatedFolder = 'libs/contracts/src/generated';

/** Writes the generated code below `target`, in the folder that buf.gen.yaml names. */
export function generateProto(target) {
  return runProgram(buf, ['generate', '--output', target]);
}

function filesBelow(folder) {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return new Map(paths.map((path) => [relative(folder, path), readFileSync(path, 'utf8')]));
}

/** The proto files are sound, and the committed code is what they generate. */
export async function checkProto() {
  const { code, stdout } = await execute(buf, ['ls-files']);
  if (code !== 0 || stdout.trim() === '') return ['buf finds no proto file'];
  const problems = await runProgram(buf, ['lint']);
  if (problems.length > 0) return problems;
  const fresh = mkdtempSync(join(ensureRuntimeDirectory(runtimeRoot), 'proto-'));
  try {
    const failed = await generateProto(fresh);
    if (failed.length > 0) return failed;
    return differences(filesBelow(join(fresh, generatedFolder)), filesBelow(join(root, generatedFolder)));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function differences(fresh, committed) {
  if (fresh.size === 0) return ['buf generated nothing'];
  const names = [...new Set([...fresh.keys(), ...committed.keys()])].sort();
  const stale = names.filter((name) => fresh.get(name) !== committed.get(name));
  return stale.map((name) => `${generatedFolder}/${name} is not what proto/ generates: run npm run proto`);
}
