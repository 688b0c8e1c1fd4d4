// `npm run lint`: types, lint and format, boundaries, proto, workflows. A check that cannot run has failed.
import { errorText } from './failure.mjs';
import { checkBoundaries } from './lint/boundaries.mjs';
import { runProgram } from './lint/program.mjs';
import { checkProto } from './lint/proto.mjs';
import { root } from './paths.mjs';
import { say, step } from './progress.mjs';
import { checkWorkflows } from './workflows/check.mjs';

/** Each resolves with what is wrong; an empty list is a pass. */
const checks = [
  { name: 'workspaces', run: () => runProgram('tools/workspaces.mjs', ['--check']) },
  { name: 'types', run: () => runProgram('node_modules/typescript/bin/tsc', ['-b', '--pretty', 'false']) },
  {
    name: 'types of specs',
    run: () =>
      runProgram('node_modules/typescript/bin/tsc', ['-p', 'tsconfig.specs.json', '--noEmit', '--pretty', 'false']),
  },
  {
    name: 'lint and format',
    run: () =>
      runProgram('node_modules/@biomejs/biome/bin/biome', [
        'check',
        '--error-on-warnings',
        '--colors=off',
        '--max-diagnostics=50',
      ]),
  },
  { name: 'boundaries', run: checkBoundaries },
  { name: 'proto', run: checkProto },
  { name: 'workflows', run: async () => checkWorkflows({ root }).failures },
];

async function problemsOf({ name, run }) {
  try {
    return await step(name, run);
  } catch (error) {
    return [`the check could not run: ${errorText(error)}`];
  }
}

let failed = 0;
for (const check of checks) {
  const problems = await problemsOf(check);
  if (problems.length === 0) {
    say(`✓ ${check.name}`);
    continue;
  }
  failed += 1;
  say(`✗ ${check.name}`);
  for (const problem of problems) say(`  ${problem}`);
}
say(failed === 0 ? 'lint: everything passed' : `lint: ${failed} of ${checks.length} checks failed`);
process.exit(failed === 0 ? 0 : 1);
