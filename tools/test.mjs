// `npm test`: real servers once for all suites, then Jest. The last line is `N passed, N failed`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { closingLine } from './closing-line.mjs';
import { errorText } from './failure.mjs';
import { runForeground } from './foreground.mjs';
import { describeLanes } from './lanes.mjs';
import { root, runtimeRoot } from './paths.mjs';
import { say } from './progress.mjs';
import { countsOf, toTryAgain, unstable } from './second-try.mjs';
import { suitesOf, togetherFileVariable } from './suites-together.mjs';
import { withTemporaryServers } from './temporary-servers.mjs';

/** Twice the cores of a small machine: while one suite waits for a process or a time-out, another computes. */
const defaultWorkers = ['--maxWorkers', '4'];

function workersGiven(args) {
  return args.some((arg) => /^(-w|--maxWorkers|-i$|--runInBand)/.test(arg));
}

async function runJest({ args, environment, resultFile, onStart }) {
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const workers = workersGiven(args) ? [] : defaultWorkers;
  const own = ['--experimental-vm-modules', '--no-warnings', jest, '--json', `--outputFile=${resultFile}`];
  // With --json Jest writes its result to stdout as well; the person reads what it says on stderr.
  const stdio = ['ignore', 'ignore', 'inherit'];
  rmSync(resultFile, { force: true });
  return runForeground(process.execPath, [...own, ...workers, ...args], { environment, stdio, onStart });
}

/** Somebody, or the end of whoever started us, ended the run. */
const interruptedCodes = [130, 143];

/** A suite that could not be finished because its process is gone; one that can not be loaded says so itself. */
const killed = ({ assertionResults, message }) =>
  assertionResults.length === 0 ? /worker process .*(signal=\w+|exitCode=\d+)/i.exec(message ?? '') : null;

/** @returns {import('./second-try.mjs').Load[] | null} null where Jest left no result */
function loadsOf(resultFile, code) {
  if (!existsSync(resultFile)) {
    if (!interruptedCodes.includes(code))
      say(
        'error JEST_ENDED: Jest ended without a result; it was killed, perhaps for memory. Nothing is known of the tests.',
      );
    return null;
  }
  const { testResults } = JSON.parse(readFileSync(resultFile, 'utf8'));
  for (const suite of testResults) {
    const how = killed(suite)?.[1];
    if (how !== undefined) say(`error WORKER_KILLED: ${relative(root, suite.name)}: its process was ended, ${how}`);
  }
  return testResults;
}

const unknown = { code: 1, counts: { passed: 0, failed: 1, skipped: 0 }, notes: [] };

/** All suites, and those of them that failed once more where they are few; whoever names suites reads at once what failed. */
async function runSuites({ args, files, environment, onStart }) {
  const told = { ...environment, [togetherFileVariable]: files.together };
  const run = { environment: told, resultFile: files.result, onStart };
  const code = await runJest({ ...run, args });
  const first = loadsOf(files.result, code);
  if (first === null) return { ...unknown, code };
  const firstAnswer = { code, counts: countsOf(first), notes: [] };
  const again = args.length === 0 && !interruptedCodes.includes(code) ? toTryAgain(first) : [];
  if (again.length === 0) return firstAnswer;
  const leaders = again.map(({ name }) => name);
  const suites = suitesOf(files.together, leaders);
  say(`SECOND_TRY: ${leaders.map((leader) => relative(root, leader)).join(', ')}: failed, and run once more alone`);
  const secondCode = await runJest({ ...run, args: ['--runTestsByPath', ...suites, '--maxWorkers', '1'] });
  const second = loadsOf(files.result, secondCode);
  if (second === null) return firstAnswer;
  const counts = countsOf([...first.filter((load) => !again.includes(load)), ...second]);
  return { code: secondCode, counts, notes: unstable(again, second) };
}

async function main(args) {
  mkdirSync(runtimeRoot, { recursive: true });
  const fileOf = (name) => join(runtimeRoot, `jest-${name}-${process.pid}.json`);
  const files = { result: fileOf('result'), together: fileOf('together') };
  let answer = unknown;
  try {
    const ended = await withTemporaryServers('test-', (environment, onStart) =>
      runSuites({ args, files, environment, onStart }),
    );
    // Where somebody ended the run there is a code, and nothing is known of the tests.
    answer = typeof ended === 'number' ? { ...unknown, code: ended } : ended;
  } catch (error) {
    say(errorText(error));
  } finally {
    for (const file of Object.values(files)) rmSync(file, { force: true });
  }
  const { code, counts, notes } = answer;
  for (const line of [...(await describeLanes()), ...notes]) say(line);
  const ran = counts.passed + counts.failed + counts.skipped > 0;
  if (!ran) say('error NO_TEST_RAN: Jest ran no test.');
  process.stdout.write(`${closingLine(counts)}\n`);
  return code === 0 && ran && counts.failed === 0 ? 0 : code || 1;
}

process.exit(await main(process.argv.slice(2)));
