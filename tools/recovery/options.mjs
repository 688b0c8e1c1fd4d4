import { parseArgs } from 'node:util';
import { Failure } from '../failure.mjs';

/**
 * Reads the options of `npm run COMMAND`; what is wrong is named with what is allowed.
 * @param {string} command
 */
export function optionsOf(command) {
  const next = `run \`npm run ${command} -- --help\``;
  const wrong = (name, allowed) =>
    new Failure('INVALID_OPTION', `--${name} must be ${allowed}.`, { where: `--${name}`, next, exitCode: 2 });

  return {
    /** @throws {Failure} UNKNOWN_OPTION */
    parse: (args, options) => {
      try {
        return parseArgs({ args, options }).values;
      } catch (cause) {
        throw new Failure('UNKNOWN_OPTION', cause.message, { next, exitCode: 2, cause });
      }
    },
    /** @throws {Failure} INVALID_OPTION */
    whole: (name, text, { min, max }) => {
      const value = Number(text);
      if (!/^\d+$/.test(text) || value < min || value > max) throw wrong(name, `a whole number from ${min} to ${max}`);
      return value;
    },
    /**
     * A list with commas; all where nothing is given.
     * @throws {Failure} INVALID_OPTION
     */
    some: (name, text, allowed) => {
      const chosen = text?.split(',') ?? allowed;
      if (chosen.some((one) => !allowed.includes(one))) throw wrong(name, `some of ${allowed.join(', ')}`);
      return chosen;
    },
  };
}
