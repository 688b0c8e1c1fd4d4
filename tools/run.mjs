// The one door of every npm script: `node tools/run.mjs <task> [arguments]`. It runs on the machine's own Node (20 or newer) and
// on the pinned one, sets up whatever is missing, and hands the work to the pinned Node.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { join } from 'node:path';
import { buildAll } from './build.mjs';
import { closingLine } from './closing-line.mjs';
import { errorText, exitCodeOf, Failure } from './failure.mjs';
import { ensureInstalled } from './install.mjs';
import { helpText } from './launcher/options.mjs';
import { reportLine } from './launcher/report.mjs';
import { withLock } from './lock.mjs';
import { endingSignals, watchParent } from './parent.mjs';
import { ensureRuntimeDirectory, root, runtimeRoot } from './paths.mjs';
import { pinnedEnvironment, pinnedNode } from './pinned-node.mjs';
import { say } from './progress.mjs';

/** What runs after set-up, and whether it needs the build. */
const tasks = {
  setup: { file: 'tools/setup.mjs', builds: true },
  start: { file: 'tools/launcher/main.mjs', builds: true },
  test: { file: 'tools/test.mjs', builds: true },
  lint: { file: 'tools/lint.mjs', builds: false },
  simulate: { file: 'tools/simulate/main.mjs', builds: true },
  recovery: { file: 'tools/recovery/main.mjs', builds: true },
  chaos: { file: 'tools/chaos/main.mjs', builds: true },
  bench: { file: 'tools/bench.mjs', builds: true },
  backup: { file: 'tools/backup/main.mjs', arguments: ['backup'], builds: true },
  restore: { file: 'tools/backup/main.mjs', arguments: ['restore'], builds: true },
  'backup:check': { file: 'tools/backup/check.mjs', builds: true },
  'k8s:check': { file: 'tools/k8s/main.mjs', builds: true },
  'image:check': { file: 'tools/image-check/main.mjs', builds: true },
  'kafka:test': { file: 'tools/kafka.mjs', builds: true },
  'containers:test': { file: 'tools/containers.mjs', builds: true },
  train: { file: 'tools/train/main.mjs', builds: true },
  build: { file: undefined, builds: true },
  proto: { file: 'tools/proto.mjs', builds: false },
  'observability:check': { file: 'tools/observability/main.mjs', builds: true },
  'dashboards:grafana': { file: 'tools/observability/write-dashboards.ts', builds: false },
  'workflows:check': { file: 'tools/workflows/main.mjs', builds: false },
  'release:bundle': { file: 'tools/workflows/release.mjs', builds: false },
};

const interruptedCode = 130;

async function setUp(task) {
  ensureRuntimeDirectory(runtimeRoot);
  return withLock(
    join(runtimeRoot, 'setup.lock'),
    async () => {
      await ensureInstalled();
      const node = pinnedNode();
      if (task.builds) await buildAll(node);
      return node;
    },
    { onWait: (pid) => say(`… waiting for process ${pid}, which sets up this clone`) },
  );
}

/** What runs in the foreground now; nothing during set-up. */
const foreground = { child: undefined };

/** Ends with the work when we are told to end, or when whoever started us has gone. */
function endTogether() {
  const end = (signal) =>
    foreground.child === undefined ? process.exit(interruptedCode) : foreground.child.kill(signal);
  for (const name of endingSignals) process.on(name, () => end(name));
  // The kill switch: what runs in the foreground hands it on, and nothing of ours ends by it.
  process.on('SIGUSR2', () => foreground.child?.kill('SIGUSR2'));
  watchParent(() => end('SIGTERM'));
}

function handOver(node, file, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [join(root, file), ...args], { stdio: 'inherit', env: pinnedEnvironment() });
    foreground.child = child;
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (constants.signals[signal] ?? 0)));
  });
}

async function main([name, ...args]) {
  const task = Object.hasOwn(tasks, name ?? '') ? tasks[name] : undefined;
  if (task === undefined) {
    throw new Failure('UNKNOWN_TASK', `"${name ?? ''}" is not a task.`, {
      next: `use one of ${Object.keys(tasks).join(', ')}`,
      exitCode: 2,
    });
  }
  if (name === 'start' && args.includes('--help')) {
    process.stdout.write(helpText);
    return 0;
  }
  endTogether();
  process.env.SCALPSTORM_SETUP_STARTED_AT ??= String(Date.now());
  const node = await setUp(task);
  return task.file === undefined ? 0 : handOver(node, task.file, [...(task.arguments ?? []), ...args]);
}

/** Whoever reads the last line of a check or of the tests gets one, also when set-up failed. */
function answerForMachines(error) {
  const [name, ...args] = process.argv.slice(2);
  if (name === 'start' && args.includes('--json')) {
    const reason = error instanceof Failure ? `${error.code}: ${error.message}` : String(error);
    process.stdout.write(`${reportLine({ ok: false, reason })}\n`);
  }
  if (name === 'test') process.stdout.write(`${closingLine({ passed: 0, failed: 1 })}\n`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  say(errorText(error));
  answerForMachines(error);
  process.exit(exitCodeOf(error));
}
