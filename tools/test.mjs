// `npm test`: real servers once for all suites, then Jest. The last line is `N passed, N failed`.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { closingLine } from './closing-line.mjs';
import { errorText } from './failure.mjs';
import { runForeground } from './foreground.mjs';
import { describeLanes } from './lanes.mjs';
import { root, runtimeRoot } from './paths.mjs';
import { say } from './progress.mjs';
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
  return runForeground(process.execPath, [...own, ...workers, ...args], { environment, stdio, onStart });
}

/** Somebody, or the end of whoever started us, ended the run. */
const interruptedCodes = [130, 143];

/** A suite that could not be finished because its process is gone; one that can not be loaded says so itself. */
const killed = ({ assertionResults, message }) =>
  assertionResults.length === 0 ? /worker process .*(signal=\w+|exitCode=\d+)/i.exec(message ?? '') : null;

function readResult(resultFile, code) {
  if (!existsSync(resultFile)) {
    if (!interruptedCodes.includes(code))
      say(
        'error JEST_ENDED: Jest ended without a result; it was killed, perhaps for memory. Nothing is known of the tests.',
      );
    return { passed: 0, failed: 1, skipped: 0, ran: true };
  }
  const result = JSON.parse(readFileSync(resultFile, 'utf8'));
  for (const suite of result.testResults) {
    const how = killed(suite)?.[1];
    if (how !== undefined) say(`error WORKER_KILLED: ${relative(root, suite.name)}: its process was ended, ${how}`);
  }
  // A suite that could not be loaded holds no test, yet something failed.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  const skipped = result.numPendingTests + result.numTodoTests;
  return { passed: result.numPassedTests, failed, skipped, ran: result.numTotalTests > 0 };
}

async function main(args) {
  mkdirSync(runtimeRoot, { recursive: true });
  const resultFile = join(runtimeRoot, `jest-${process.pid}.json`);
  let result = { passed: 0, failed: 1, skipped: 0, ran: false };
  let code = 1;
  try {
    code = await withTemporaryServers('test-', (environment, onStart) =>
      runJest({ args, environment, resultFile, onStart }),
    );
    result = readResult(resultFile, code);
  } catch (error) {
    say(errorText(error));
  } finally {
    rmSync(resultFile, { force: true });
  }
  for (const line of await describeLanes()) say(line);
  if (!result.ran) say('error NO_TEST_RAN: Jest ran no test.');
  process.stdout.write(`${closingLine(result)}\n`);
  return code === 0 && result.ran && result.failed === 0 ? 0 : code || 1;
}

process.exit(await main(process.argv.slice(2)));
