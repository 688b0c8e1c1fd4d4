import { Timestamp } from '@scalpstorm/kernel';
import type { BacktestFault } from '../fault.js';
import { quoteIsOpen } from './fields.js';

// What is wrong with a row, the same words for every kind of file.

/** @param fields as `Fields.split` says */
export function wrongWidth(line: number, fields: number, columns: number): BacktestFault {
  if (fields === quoteIsOpen) return quoteNotClosed(line);
  return {
    code: 'ROW_INCOMPLETE',
    text: `Line ${line} has ${fields} fields, and the header ${columns}.`,
    next: 'Mend that row; a file that was cut off ends with one.',
  };
}

export const quoteNotClosed = (line: number): BacktestFault => ({
  code: 'QUOTE_NOT_CLOSED',
  text: `Line ${line} opens a quote and does not close it.`,
  next: 'Close it in the same line, or remove it: a field does not go on in the next line.',
});

export const rowTwice = (line: number, micros: number): BacktestFault => ({
  code: 'ROW_TWICE',
  text: `Line ${line} repeats the time of the row before it, ${isoOf(micros)}.`,
  next: 'Remove one of the two.',
});

export const notInOrder = (line: number, micros: number): BacktestFault => ({
  code: 'ROW_NOT_IN_ORDER',
  text: `Line ${line} is of ${isoOf(micros)}, and the row before it is later.`,
  next: 'Sort the rows by time, oldest first.',
});

export const notA = (name: string, text: string, line: number, allowed: string): BacktestFault => ({
  code: name === 'time' ? 'NOT_A_TIME' : 'NOT_A_NUMBER',
  text: `Line ${line}: ${name} is ${JSON.stringify(text)}, and not ${allowed}.`,
  next:
    name === 'time'
      ? 'Write times like 2022-01-31T12:00:00Z, or as counts since 1970; nothing was made of the file.'
      : 'Mend or remove that row; nothing was made of the file.',
});

/** It would pass for seconds of the year 1970. */
export const bareDay = (text: string, line: number): BacktestFault => ({
  ...notA('time', text, line, 'a time'),
  next: 'Write days with hyphens, e.g. 2022-01-31.',
});

export const isoOf = (micros: number): string => Timestamp.toIso(Timestamp.fromMicros(micros));
