import { relative } from 'node:path';
import { root } from './paths.mjs';

/**
 * A run of all suites that ends with a few failures tries these once more, by themselves, with nothing beside them: on a machine that
 * stands still for seconds a suite may fail that finds nothing wrong. What fails then has failed; what passes then is named, with
 * what it said at first, so that it gets mended and not forgotten.
 */

/** The most loads (a suite, or those that share its load) that are tried again; more of them are no accident. */
export const secondTriesMax = 4;

/** @typedef {{ name: string, status: string, message?: string, assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }} Load as Jest's JSON has it */

const hasFailed = ({ status }) => status === 'failed';

/** @param {readonly Load[]} loads @returns {Load[]} those to try again; none where all passed, and none where too many failed */
export function toTryAgain(loads) {
  const failed = loads.filter(hasFailed);
  return failed.length <= secondTriesMax ? failed : [];
}

/** What failed of a load though no test of it did: it could not be loaded, its process was ended, a hook threw. */
const failedItself = (load) => hasFailed(load) && !load.assertionResults.some(hasFailed);

/** @param {readonly Load[]} loads */
export function countsOf(loads) {
  const statuses = loads.flatMap(({ assertionResults }) => assertionResults.map(({ status }) => status));
  const passed = statuses.filter((status) => status === 'passed').length;
  const failedTests = statuses.filter((status) => status === 'failed').length;
  const failed = failedTests + loads.filter(failedItself).length;
  return { passed, failed, skipped: statuses.length - passed - failedTests };
}

// Jest paints what it says, for pipes too.
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what is looked for
const plain = (text) => text.replace(/\u001b\[\d+m/g, '').trim();
const firstLine = (text = '') => plain(text).split('\n', 1)[0];

/**
 * @param {readonly Load[]} first those that were tried again
 * @param {readonly Load[]} second what became of them; they may be gathered into other loads
 * @returns {string[]} a line for each that failed at first and passed then
 */
export function unstable(first, second) {
  const tests = second.flatMap(({ assertionResults }) => assertionResults);
  const failedAgain = new Set(tests.filter(hasFailed).map(({ fullName }) => fullName));
  // Of a load that could not be run to its end nobody knows which tests would have passed.
  const isKnown = !second.some(failedItself);
  const passes = ({ name }) => !hasFailed(second.find((load) => load.name === name) ?? { status: 'failed' });
  const line = ({ name }, test, said) =>
    `UNSTABLE: ${relative(root, name)}${test}: passed when run by itself; at first: ${firstLine(said)}`;
  return first.flatMap((load) => {
    if (failedItself(load)) return passes(load) || !second.some(hasFailed) ? [line(load, '', load.message)] : [];
    return load.assertionResults
      .filter((test) => isKnown && hasFailed(test) && !failedAgain.has(test.fullName))
      .map(({ fullName, failureMessages }) => line(load, ` › ${fullName}`, failureMessages?.[0]));
  });
}
