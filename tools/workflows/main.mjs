// `npm run workflows:check -- [--json]`: are the workflows of .github sound? actionlint looks at them too, when it is on the PATH.
import { spawnSync } from 'node:child_process';
import { errorText, exitCodeOf, Failure } from '../failure.mjs';
import { root } from '../paths.mjs';
import { say } from '../progress.mjs';
import { checkWorkflows } from './check.mjs';

const usage = `npm run workflows:check -- [--json]

Holds .github/** against closed schemas and our rules, and against package.json, Dockerfile and the files that it names.
  --json   one line {"workflows","jobs","steps","actions","failures","skipped"} on stdout
exit code: 0 nothing found, 1 something found, or it could not be checked`;

const lintMs = 60_000;
const notRun = 'the workflows themselves: only GitHub runs them';

/** @returns {{failures: string[], skipped: string[]}} what the linter of others says */
function askActionlint() {
  const { status, stdout, error } = spawnSync('actionlint', ['-no-color', '-oneline'], {
    cwd: root,
    encoding: 'utf8',
    timeout: lintMs,
  });
  if (error?.code === 'ENOENT') return { failures: [], skipped: ['actionlint: it is not on the PATH'] };
  if (error !== undefined || status === null)
    return { failures: [`actionlint: ${error?.message ?? 'was ended'}`], skipped: [] };
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '');
  if (status === 0) return { failures: [], skipped: [] };
  return { failures: lines.length > 0 ? lines : [`actionlint ended with ${status}`], skipped: [] };
}

function report() {
  const own = checkWorkflows({ root });
  const other = askActionlint();
  return { ...own, failures: [...own.failures, ...other.failures], skipped: [notRun, ...other.skipped] };
}

function main(args) {
  if (args.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const unknown = args.find((arg) => arg !== '--json');
  if (unknown !== undefined)
    throw new Failure('UNKNOWN_OPTION', `"${unknown}" is no option.`, { next: 'see --help', exitCode: 2 });
  const result = report();
  process.stdout.write(`${args.includes('--json') ? JSON.stringify(result) : textOf(result)}\n`);
  return result.failures.length === 0 ? 0 : 1;
}

function textOf({ workflows, jobs, steps, actions, failures, skipped }) {
  const lines = [...failures.map((failure) => `✗ ${failure}`), ...skipped.map((line) => `skipped: ${line}`)];
  const counts = `${workflows} workflows, ${jobs} jobs, ${steps} steps, ${actions} actions`;
  return [
    ...lines,
    `workflows:check: ${counts}, ${failures.length === 0 ? 'everything passed' : `${failures.length} failed`}`,
  ].join('\n');
}

/** Whoever reads the answer gets one, also when nothing could be checked. */
function answerForMachines(error) {
  if (!process.argv.includes('--json')) return;
  const nothing = { workflows: 0, jobs: 0, steps: 0, actions: 0 };
  process.stdout.write(`${JSON.stringify({ ...nothing, failures: [String(error.message)], skipped: [notRun] })}\n`);
}

try {
  process.exit(main(process.argv.slice(2)));
} catch (error) {
  say(errorText(error));
  answerForMachines(error);
  process.exit(exitCodeOf(error));
}
