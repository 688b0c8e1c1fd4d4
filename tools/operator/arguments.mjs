import { Failure } from '../failure.mjs';

/**
 * Words, and options that are known: a reader takes the value after its name; a switch has none.
 * @param {readonly string[]} args
 * @param {Record<string, ((text: string) => unknown) | undefined>} known a reader returns the value, or an Error that says what is allowed
 * @throws {Failure} UNKNOWN_OPTION, INVALID_OPTION
 */
export function readArguments(args, known) {
  const words = [];
  const options = {};
  const left = [...args];
  while (left.length > 0) {
    const [name, ...rest] = left.shift().split('=');
    if (!name.startsWith('--')) {
      words.push([name, ...rest].join('='));
      continue;
    }
    if (!Object.hasOwn(known, name)) {
      throw new Failure('UNKNOWN_OPTION', `there is no option "${name}".`, {
        where: name,
        next: `options: ${Object.keys(known).join(', ')}`,
        exitCode: 2,
      });
    }
    const read = known[name];
    const text = rest.length > 0 ? rest.join('=') : read && left.shift();
    const value = read === undefined ? true : text === undefined ? new Error('a value after it') : read(text);
    if (value instanceof Error) {
      throw new Failure('INVALID_OPTION', `${name} cannot be "${text ?? ''}".`, {
        where: name,
        next: `give ${value.message}`,
        exitCode: 2,
      });
    }
    options[name.slice(2)] = value;
  }
  return { words, options };
}

export const wholeNumber = (least, most) => (text) =>
  /^\d+$/.test(text) && Number(text) >= least && Number(text) <= most
    ? Number(text)
    : new Error(`a whole number from ${least} to ${most}`);

export const anyText = (text) => text;
