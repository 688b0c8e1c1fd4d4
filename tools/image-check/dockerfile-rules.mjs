import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { copyOf, imageOf, parseDockerfile, settingsOf } from './dockerfile.mjs';

const secretName = /PASSWORD|SECRET|TOKEN|(^|_)KEYS?$/;

/** What ends when it is done has no health. */
const oneShots = ['setup'];

function checkBase({ stage, index, stages, nodeVersion, fail }) {
  if (stages.slice(0, index).some(({ name }) => name === stage.from)) return;
  const wanted = `node:${nodeVersion}-`;
  if (!stage.from.startsWith(wanted))
    fail(stage.line, `${stage.from} is neither an earlier stage nor ${wanted}…, the Node of package.json`);
}

function checkCopy({ instruction, earlier, root, ignored, fail }) {
  const { from } = instruction.flags;
  if (from !== undefined) {
    if (!earlier.includes(from)) fail(instruction.line, `there is no earlier stage ${from}`);
    return;
  }
  for (const source of copyOf(instruction).sources) {
    const path = source.replace(/^\.\//, '');
    if (!existsSync(join(root, path))) fail(instruction.line, `there is no ${source} to copy`);
    else if (ignored.includes(path)) fail(instruction.line, `.dockerignore leaves out ${source}`);
  }
}

function checkTarget({ target, stages, root, fail }) {
  const stage = stages.find(({ name }) => name === target);
  if (stage === undefined) return fail(0, `there is no target ${target}`);
  const { user, entrypoint, command, health } = imageOf(stages, target);
  const { line } = stage;
  if (!/^[1-9]\d*:[1-9]\d*$/.test(user ?? ''))
    fail(line, `${target} runs as ${user ?? 'root'}; write USER as numbers, not 0`);
  if (!Array.isArray(entrypoint) || !Array.isArray(command))
    fail(line, `${target}: ENTRYPOINT and CMD must be lists: a shell in between hears the signals`);
  else if (entrypoint[1] !== `dist/${target}.js` || !existsSync(join(root, `services/${target}/src/main.ts`)))
    fail(line, `${target}: ENTRYPOINT must start dist/${target}.js`);
  const healthWanted = !oneShots.includes(target);
  if (healthWanted && health?.[0] !== 'node') fail(line, `${target} has no HEALTHCHECK that node runs`);
  if (!healthWanted && health !== undefined) fail(line, `${target} ends when it is done: HEALTHCHECK NONE`);
}

/** What git ignores must not travel to the builder, least of all .env. */
function checkIgnored({ ignoreText, fail }) {
  const lines = ignoreText.split('\n');
  for (const wanted of ['.git', '.env', '**/node_modules', '**/dist', '.runtime', '.cache'])
    if (!lines.includes(wanted)) fail(0, `.dockerignore does not leave out ${wanted}`);
}

/**
 * @param {{text: string, ignoreText: string, root: string, nodeVersion: string, targets: readonly string[]}} wanted
 * @returns {{stages: object[], failures: string[]}}
 */
export function checkDockerfile({ text, ignoreText, root, nodeVersion, targets }) {
  const failures = [];
  const fail = (line, problem) => failures.push(`Dockerfile${line > 0 ? `:${line}` : ''}: ${problem}`);
  let stages;
  try {
    stages = parseDockerfile(text);
  } catch (error) {
    return { stages: [], failures: [`Dockerfile: ${error.message}`] };
  }
  const ignored = ignoreText.split('\n').filter((line) => line !== '' && !/^[#!*]/.test(line));
  for (const [index, stage] of stages.entries()) {
    checkBase({ stage, index, stages, nodeVersion, fail });
    const earlier = stages.slice(0, index).map(({ name }) => name);
    for (const instruction of stage.instructions) {
      if (instruction.keyword === 'COPY') checkCopy({ instruction, earlier, root, ignored, fail });
      if (instruction.keyword !== 'ENV') continue;
      for (const name of Object.keys(settingsOf(instruction.text)))
        if (secretName.test(name)) fail(instruction.line, `${name} would be a secret inside the image`);
    }
  }
  for (const target of targets) checkTarget({ target, stages, root, fail });
  checkIgnored({ ignoreText, fail });
  return { stages, failures };
}
