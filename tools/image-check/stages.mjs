// Carries out the instructions of a Dockerfile in plain folders, one a stage: the very commands of the image, without an engine.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { Failure } from '../failure.mjs';
import { installEnvironment } from '../install.mjs';
import { pinnedEnvironment } from '../pinned-node.mjs';
import { step } from '../progress.mjs';
import { runToEnd } from '../servers/apt.mjs';
import { copyOf, settingsOf } from './dockerfile.mjs';

/** Only root may give files away; whoever is not keeps them. */
const withoutChown = process.getuid?.() === 0 ? '' : 'chown() { :; }; ';
const linking = process.platform === 'linux' ? '-alf' : '-af';

/** Files of the working tree that a builder would be sent: what git does not ignore, and .dockerignore does not leave out. */
export function contextFiles(root, ignoreText) {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const answer = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (answer.status !== 0) throw new Failure('NOT_A_CLONE', 'git does not list the files.', { where: root });
  const left = ignoreText.split('\n').filter((line) => line !== '' && !/^[#!*]/.test(line));
  const kept = (file) => file === '.env.example' || !left.some((path) => file === path || file.startsWith(`${path}/`));
  return [...new Set(answer.stdout.split('\0'))].filter(
    (file) => file !== '' && existsSync(join(root, file)) && kept(file),
  );
}

function copyContext({ root, files, source, target, into }) {
  const path = source.replace(/^\.(\/|$)/, '');
  const below = path === '' ? files : files.filter((file) => file === path || file.startsWith(`${path}/`));
  if (below.length === 0) throw new Error(`there is no ${source} to copy`);
  for (const file of below) {
    // An editor's file may have gone meanwhile.
    if (!existsSync(join(root, file))) continue;
    const rest = file === path ? (into ? file.split('/').at(-1) : '') : file.slice(path === '' ? 0 : path.length + 1);
    const to = join(target, rest);
    mkdirSync(dirname(to), { recursive: true });
    // What lies there may be shared with an earlier stage.
    rmSync(to, { force: true });
    cpSync(join(root, file), to, { verbatimSymlinks: true });
  }
}

/** Linked, not copied: nothing writes into a file that it did not make. */
function copyTree(from, to, into) {
  const isFolder = statSync(from).isDirectory();
  mkdirSync(isFolder || into ? to : dirname(to), { recursive: true });
  const answer = spawnSync('cp', [linking, isFolder ? `${from}/.` : from, to], { encoding: 'utf8' });
  if (answer.status !== 0) throw new Error(answer.stderr.trim().split('\n')[0]);
}

function copy({ instruction, place, folders, root, files }) {
  const { sources, target } = copyOf(instruction);
  const to = isAbsolute(target) ? join(place.folder, target) : resolve(place.workdir, target);
  const into = target.endsWith('/') || target === '.' || sources.length > 1;
  for (const source of sources) {
    const from = instruction.flags.from;
    if (from === undefined) copyContext({ root, files, source, target: to, into });
    else copyTree(join(folders.get(from), source), to, into);
  }
}

async function run({ instruction, place }) {
  // It would be one of this machine.
  if (/(^|[\s=])\/(?!dev\/null)/.test(instruction.text))
    throw new Error('RUN names an absolute path; write it relative to WORKDIR, so that it can be run in a folder');
  const env = { ...pinnedEnvironment(installEnvironment(process.env)), ...place.env };
  const command = `${withoutChown}${instruction.text}`;
  await step(`RUN ${instruction.text.slice(0, 60)}`, () =>
    runToEnd('sh', ['-c', command], { cwd: place.workdir, env }),
  );
}

async function build({ stage, place, folders, root, files }) {
  for (const instruction of stage.instructions) {
    const { keyword, text } = instruction;
    try {
      if (keyword === 'WORKDIR') place.workdir = join(place.folder, text);
      if (keyword === 'ENV') Object.assign(place.env, settingsOf(text));
      mkdirSync(place.workdir, { recursive: true });
      if (keyword === 'COPY') copy({ instruction, place, folders, root, files });
      if (keyword === 'RUN') await run({ instruction, place });
    } catch (cause) {
      throw new Failure('IMAGE_NOT_BUILT', `${stage.name}: ${cause.message}`, {
        where: `Dockerfile:${instruction.line}`,
        cause,
      });
    }
  }
}

/**
 * @param {{stages: object[], root: string, files: readonly string[], directory: string}} wanted
 * @returns {Promise<Map<string, {folder: string, workdir: string}>>} where the root of each stage's image is
 */
export async function buildStages({ stages, root, files, directory }) {
  const folders = new Map();
  const places = new Map();
  for (const stage of stages) {
    const parent = places.get(stage.from);
    const changes = stage.instructions.some(({ keyword }) => ['COPY', 'RUN'].includes(keyword));
    const folder = parent !== undefined && !changes ? parent.folder : join(directory, stage.name);
    mkdirSync(folder, { recursive: true });
    if (parent !== undefined && changes) copyTree(parent.folder, folder, true);
    const workdir = parent === undefined ? folder : join(folder, parent.workdir.slice(parent.folder.length));
    const place = { folder, workdir, env: { ...parent?.env } };
    await build({ stage, place, folders, root, files });
    folders.set(stage.name, folder);
    places.set(stage.name, place);
  }
  return places;
}
