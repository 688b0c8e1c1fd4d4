// Reads as much of a Dockerfile as ours has; whatever it does not know it refuses, so that nothing is passed over.
import { Failure } from '../failure.mjs';

const keywords = ['FROM', 'WORKDIR', 'ENV', 'COPY', 'RUN', 'USER', 'EXPOSE', 'HEALTHCHECK', 'ENTRYPOINT', 'CMD'];
const flagPattern = /^--([a-z-]+)(?:=(\S+))?\s+/;

function unreadable(line, problem) {
  return new Failure('DOCKERFILE_UNREADABLE', `line ${line}: ${problem}`, { where: 'Dockerfile' });
}

/** Lines without comments, with continued ones joined. */
function* logicalLines(text) {
  let joined = '';
  let from = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (joined === '') from = index + 1;
    const continued = line.endsWith('\\');
    joined += continued ? `${line.slice(0, -1).trim()} ` : line.trim();
    if (continued) continue;
    yield { line: from, text: joined };
    joined = '';
  }
  if (joined !== '') throw unreadable(from, 'the last line is continued, and nothing follows');
}

function listOf(text) {
  if (!text.startsWith('[')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function instructionOf({ line, text }) {
  const [word, ...rest] = text.split(/\s+/);
  const keyword = word.toUpperCase();
  if (!keywords.includes(keyword)) throw unreadable(line, `${word} is not one of ${keywords.join(', ')}`);
  let left = `${rest.join(' ')} `;
  const flags = {};
  for (let found = flagPattern.exec(left); found !== null; found = flagPattern.exec(left)) {
    flags[found[1]] = found[2] ?? '';
    left = left.slice(found[0].length);
  }
  const value = left.trim();
  if (value === '') throw unreadable(line, `${keyword} says nothing`);
  return { line, keyword, flags, text: value, list: listOf(value) };
}

/**
 * @param {string} text
 * @returns {{name: string, from: string, line: number, instructions: object[]}[]} the stages, in order
 */
export function parseDockerfile(text) {
  const stages = [];
  for (const instruction of [...logicalLines(text)].map(instructionOf)) {
    if (instruction.keyword === 'FROM') {
      const [, from, name] = /^(\S+) AS (\S+)$/i.exec(instruction.text) ?? [];
      if (name === undefined) throw unreadable(instruction.line, 'write FROM image AS name');
      if (stages.some((stage) => stage.name === name)) throw unreadable(instruction.line, `${name} is there twice`);
      stages.push({ name, from, line: instruction.line, instructions: [] });
    } else if (stages.length === 0) throw unreadable(instruction.line, `${instruction.keyword} stands before FROM`);
    else stages.at(-1).instructions.push(instruction);
  }
  return stages;
}

/** The stages that make a target, the base first. */
export function lineage(stages, name) {
  const stage = stages.find((known) => known.name === name);
  return stage === undefined ? [] : [...lineage(stages, stage.from), stage];
}

/** What an image of that stage is told: user, command, health check, ports, settings. */
export function imageOf(stages, name) {
  const image = { user: undefined, entrypoint: undefined, command: [], health: undefined, ports: [], env: {} };
  for (const { instructions } of lineage(stages, name)) {
    for (const { keyword, text, list } of instructions) {
      if (keyword === 'USER') image.user = text;
      if (keyword === 'ENTRYPOINT') Object.assign(image, { entrypoint: list ?? text, command: [] });
      if (keyword === 'CMD') image.command = list ?? text;
      if (keyword === 'EXPOSE') image.ports.push(...text.split(' ').map(Number));
      if (keyword === 'HEALTHCHECK') image.health = text === 'NONE' ? undefined : listOf(text.replace(/^CMD /, ''));
      if (keyword === 'ENV') Object.assign(image.env, settingsOf(text));
    }
  }
  return image;
}

export function settingsOf(text) {
  return Object.fromEntries(text.split(' ').map((pair) => [pair.split('=', 1)[0], pair.slice(pair.indexOf('=') + 1)]));
}

/** @returns {{sources: string[], target: string}} */
export function copyOf({ text }) {
  const words = text.split(' ');
  return { sources: words.slice(0, -1), target: words.at(-1) };
}
