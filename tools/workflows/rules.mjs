// What a workflow of ours keeps beyond the syntax of GitHub.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40}$/;
const versionComment = /@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
/** Who may write what; every other job may read only. */
const writers = [
  { file: 'images.yml', job: 'publish', scopes: ['packages'] },
  { file: 'images.yml', job: 'sign', scopes: ['packages', 'id-token'] },
  { file: 'release.yml', job: 'images', scopes: ['packages', 'id-token'] },
  { file: 'release.yml', job: 'publish', scopes: ['contents'] },
  { file: 'codeql.yml', job: 'analyze', scopes: ['security-events'] },
  { file: 'scorecard.yml', job: 'scorecard', scopes: ['security-events'] },
];
const folders = ['.ci', '.github', 'bench', 'deploy', 'docs', 'examples', 'k8s', 'libs', 'proto', 'services', 'tools'];
const pathPattern = new RegExp(
  `(?<![\\w./$-])(?:\\./)?(?:${folders.map((name) => name.replace('.', '\\.')).join('|')})/[\\w./-]+(?![\\w./\\\\-])`,
  'g',
);

/**
 * @param {{file: string, text: string, document: object, root: string, scripts: object}} given a workflow that has the right form
 * @returns {string[]} what is wrong with it
 */
export function workflowFaults(given) {
  const jobs = Object.entries(given.document.jobs);
  return [
    ...jobs.flatMap(([name, job]) => jobFaults({ ...given, name, job }).map((fault) => `${name}: ${fault}`)),
    ...cycles(given.document.jobs),
    ...versionFaults(given.text),
    ...triggerFaults(given),
  ];
}

function jobFaults(given) {
  const { document, job } = given;
  const missing = (job.needs ?? []).filter((need) => document.jobs[need] === undefined);
  const steps = (job.steps ?? []).flatMap((step, index) =>
    stepFaults({ ...given, step }).map((fault) => `${step.name ?? step.uses ?? `step ${index + 1}`}: ${fault}`),
  );
  return [
    ...missing.map((need) => `needs ${need}, and there is no such job`),
    ...writeFaults(given),
    ...callFaults(given),
    ...steps,
  ];
}

function writeFaults({ file, name, job }) {
  const allowed = new Set(writers.find((writer) => writer.file === file && writer.job === name)?.scopes);
  const written = Object.entries(job.permissions).filter(([, scope]) => scope === 'write');
  return written
    .filter(([scope]) => !allowed.has(scope))
    .map(([scope]) => `may write ${scope}, which it has no need of`);
}

function callFaults({ job, root }) {
  if (job.uses === undefined) return [];
  if (!job.uses.startsWith('./.github/workflows/'))
    return [`calls ${job.uses}, which is not a workflow of this repository`];
  return existsSync(join(root, job.uses)) ? [] : [`calls ${job.uses}, and there is none`];
}

function stepFaults(given) {
  const { step } = given;
  return step.uses === undefined ? runFaults(given) : actionFaults(given);
}

function actionFaults({ step }) {
  const faults = [];
  if (!pinned.test(step.uses)) faults.push('is not pinned by a full commit');
  if (step.uses.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
    faults.push('leaves its token in the clone: persist-credentials is not false');
  if (/\$\{\{/.test(String(step.with?.script ?? ''))) faults.push('puts an expression into a script');
  return faults;
}

function runFaults({ step, root, scripts }) {
  // Not only github.event: a branch's name is text of a stranger, too. Whoever needs one passes it as an environment variable.
  const faults = /\$\{\{/.test(step.run) ? ['puts an expression into a command; pass it in env'] : [];
  for (const [, name] of step.run.matchAll(/\bnpm (?:run (?:--?\w+ )*(?=[\w:])|(?=test\b|start\b))([\w:.-]+)/g))
    if (!Object.hasOwn(scripts, name)) faults.push(`package.json has no script ${name}`);
  for (const [path] of step.run.matchAll(pathPattern))
    if (!existsSync(join(root, path))) faults.push(`names ${path}, and there is none`);
  if (/@latest\b/.test(step.run)) faults.push('installs whatever is the latest');
  if (/\b(curl|wget)\b[^\n]*\|\s*(ba)?sh\b/.test(step.run)) faults.push('runs what it has just downloaded');
  return faults;
}

/** A pin that nobody can read is never brought up to date. */
function versionFaults(text) {
  const lines = text.split('\n').map((line, index) => ({ line: line.trimEnd(), number: index + 1 }));
  return lines
    .filter(({ line }) => /^\s*(- )?uses: [^.]/.test(line) && !versionComment.test(line))
    .map(({ number }) => `line ${number}: says no version behind its commit`);
}

function triggerFaults({ document, root }) {
  const paths = Object.values(document.on).flatMap((filter) => filter?.paths ?? []);
  const fixed = (path) => path.replace(/^!/, '').split('*')[0].replace(/\/$/, '');
  return paths.filter((path) => !existsSync(join(root, fixed(path)))).map((path) => `on: there is no ${path}`);
}

function cycles(jobs) {
  const waits = (name, seen) =>
    seen.includes(name) || (jobs[name]?.needs ?? []).some((need) => waits(need, [...seen, name]));
  return Object.keys(jobs)
    .filter((name) => (jobs[name].needs ?? []).some((need) => waits(need, [name])))
    .map((name) => `${name}: waits for itself`);
}
