import { fail, ok, type Result } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { Fields, quoteIsOpen } from './fields.js';
import { asciiText } from './read-number.js';
import { notATable } from './refuse-header.js';
import { quoteNotClosed } from './row-faults.js';

/** What the header of a table calls its columns, quotes and spaces around left out. @param line of bytes as letters, as `asciiText` has them */
export function columnNames(line: string): Result<readonly string[], BacktestFault> {
  const unlike = notATable(line);
  if (unlike !== null) return fail(unlike);
  const bytes = Uint8Array.from(line, (letter) => letter.charCodeAt(0));
  const fields = new Fields(line.length + 1);
  const width = fields.split(bytes, 0, bytes.length);
  if (width === quoteIsOpen) return fail(quoteNotClosed(1));
  return ok(Array.from({ length: width }, (_, at) => asciiText(bytes, fields.start(at), fields.end(at)).trim()));
}
