import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from './paths.mjs';

/**
 * Suites of one workspace share one load. Jest loads every module anew for each suite, and for half of them that took longer than
 * what they test: Nest, the bus and OpenTelemetry are some thousand files.
 */

/** Where the process that orders the suites tells its workers which of them go together: leaders, and who comes after each. */
export const togetherVariable = 'SCALPSTORM_SUITES_TOGETHER';

/** The file in which the same is written down, for whoever started Jest. */
export const togetherFileVariable = 'SCALPSTORM_SUITES_FILE';

/** The most suites of one load: enough to save most of the loading, few enough for the workers to end at about the same time. */
export const togetherMax = { src: 12, test: 5 };

/** What acts on a whole load and not on a `describe`: hooks outside of any, clocks, time limits, the one tracer, files named by the suite. */
const actsOnAll =
  /^(before|after)(All|Each)\(|\bjest\.(useFakeTimers|setTimeout)\(|\bstartTracing\(|toMatchSnapshot\(/m;

const groupOf = (path) => /^((?:libs|services)\/.+?\/(src|test))\//.exec(relative(root, path));

/**
 * @param {readonly string[]} paths in the order in which they are to run
 * @param {{ isAlone: (path: string) => boolean, textOf: (path: string) => string }} known
 * @returns {string[][]} every path once; the first of each list leads it
 */
export function together(paths, { isAlone, textOf }) {
  const lists = [];
  const open = new Map();
  for (const path of paths) {
    const [, group, kind] = groupOf(path) ?? [];
    const list = open.get(group);
    if (group === undefined || isAlone(path) || actsOnAll.test(textOf(path))) lists.push([path]);
    else if (list === undefined || list.length >= togetherMax[kind]) {
      const begun = [path];
      open.set(group, begun);
      lists.push(begun);
    } else list.push(path);
  }
  return lists;
}

/** @param {readonly string[][]} lists */
export function tellTogether(lists) {
  const shared = lists.filter(({ length }) => length > 1).map((paths) => paths.map((path) => relative(root, path)));
  const told = JSON.stringify(Object.fromEntries(shared.map(([leader, ...others]) => [leader, others])));
  process.env[togetherVariable] = told;
  const file = process.env[togetherFileVariable];
  if (file !== undefined) writeFileSync(file, told);
}

/** @param {string} file where Jest wrote them down @param {readonly string[]} leaders @returns {string[]} all suites of their loads, relative to the root */
export function suitesOf(file, leaders) {
  const told = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return leaders.map((leader) => relative(root, leader)).flatMap((leader) => [leader, ...(told[leader] ?? [])]);
}

/**
 * Loads suites one after the other. Jest fails a load without a test; one suite of many that registers none would pass unseen.
 * @template T
 * @param {readonly string[]} paths
 * @param {{ load: (path: string) => Promise<T>, registered: () => number }} by `registered`: tests of the whole load so far
 * @returns {Promise<T[]>} what each of them gave
 * @throws Error that names the first suite without a test
 */
export async function loadInTurn(paths, { load, registered }) {
  const loaded = [];
  for (const path of paths) {
    const before = registered();
    loaded.push(await load(path));
    if (registered() === before)
      throw new Error(`SUITE_WITHOUT_TEST: ${relative(root, path)} registers no test. Write one, or remove the file.`);
  }
  return loaded;
}

/** @param {string} leader @returns {string[]} relative to the root, as they were told */
export function suitesAfter(leader) {
  return JSON.parse(process.env[togetherVariable] ?? '{}')[relative(root, leader)] ?? [];
}
