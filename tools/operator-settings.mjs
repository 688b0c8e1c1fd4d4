/** What an operator sets: limits, breakers, how often venues are compared, what is unusual. Wherever the platform runs, each stands where they look. */
const forOperators = /^(RISK|RECONCILE|EXECUTION|ANOMALY)_/;

/**
 * @param {readonly string[]} known what a service reads
 * @param {Readonly<Record<string, unknown>>} given
 * @returns {readonly string[]} those that an operator would not find
 */
export const settingsNotGiven = (known, given) =>
  known.filter((name) => forOperators.test(name) && !Object.hasOwn(given, name));
