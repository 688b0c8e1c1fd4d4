import { writeFile } from 'node:fs/promises';
import { usageFailure } from './failure.js';

/** @throws Failure naming the file */
export const writeText = (file: string, text: string): Promise<void> => writeFile(file, text).catch(notWritten(file));

/** @throws Failure naming the file */
export const writeLines = (file: string, lines: readonly string[]): Promise<void> =>
  writeText(file, lines.map((line) => `${line}\n`).join(''));

/** Ends the command over a file or folder that could not be written. */
export const notWritten =
  (place: string) =>
  (cause: Error): never => {
    throw usageFailure('FILE_NOT_WRITTEN', `${place} could not be written: ${cause.message}`, 'name another place');
  };
