import type { BacktestFault } from '../fault.js';

/** By what a file is known that is no table of commas, and what to do then. */
const unlike: readonly (readonly [is: (line: string) => boolean, next: string])[] = [
  [(line) => line.startsWith('PK\u0003\u0004'), 'Unpack it first: it is a zip archive.'],
  [(line) => line.startsWith('\u001f\u008b'), 'Unpack it once: it is compressed twice.'],
  [(line) => /^(ÿþ|þÿ)/.test(line), 'Save it as UTF-8.'],
  [(line) => /\r./.test(line), 'End its lines with a line feed: it has carriage returns alone.'],
  [(line) => /^[^,]*;/.test(line), 'Separate its columns by commas, and write decimals with a point.'],
  [(line) => /^[^,]*\t/.test(line), 'Separate its columns by commas.'],
];

/** Why a first line can be no header of a table; null: it can. */
export function notATable(line: string): BacktestFault | null {
  const next = unlike.find(([is]) => is(line))?.[1];
  if (next === undefined) return null;
  return {
    code: 'COLUMNS_MISSING',
    text: `The first line names no columns: ${JSON.stringify(line.slice(0, 80))}.`,
    next,
  };
}

/** @param names as the header has them, in small letters */
export function columnTwice(names: readonly string[], used: readonly number[]): BacktestFault | null {
  const twice = used
    .map((index) => names[index])
    .find((name) => name && names.indexOf(name) !== names.lastIndexOf(name));
  if (twice === undefined) return null;
  return { code: 'COLUMN_TWICE', text: `The header names ${twice} twice.`, next: 'Leave one of them.' };
}
