import { open } from 'node:fs/promises';
import type { JsonObject } from '@scalpstorm/model';
import type { JournalRow } from '@scalpstorm/strategies';
import { z } from 'zod';
import { findBot, idOf } from '../bot-lookup.js';
import type { Context } from '../context.js';
import { usageFailure } from '../failure.js';
import { writeLines } from '../write-text.js';

const rowForm = z.object({ number: z.number().int(), entry: z.record(z.string(), z.unknown()) });

/** Rows of a bot that is mine, from the first that is kept; by its id or name. */
export async function fetchJournal(context: Context, bot: string): Promise<readonly JournalRow[]> {
  const found = await findBot(context, bot);
  const { data } = await context.api.all(`/v1/bots/${idOf(found)}/journal`, {});
  return data.map((row) => rowOf(row));
}

/** One row a line. @throws Failure */
export async function readJournal(path: string): Promise<readonly JournalRow[]> {
  const rows: JournalRow[] = [];
  const unreadable = (cause: Error) =>
    usageFailure(
      'FILE_UNREADABLE',
      `${path}, line ${rows.length + 1}: ${cause.message}`,
      'name a file that --save wrote',
    );
  const file = await open(path).catch((cause: Error) => {
    throw unreadable(cause);
  });
  try {
    for await (const line of file.readLines()) if (line !== '') rows.push(rowOf(JSON.parse(line)));
  } catch (cause) {
    throw cause instanceof SyntaxError ? unreadable(cause) : cause;
  } finally {
    await file.close();
  }
  return rows;
}

/** @throws Failure naming the file */
export const saveJournal = (file: string, rows: readonly JournalRow[]): Promise<void> =>
  writeLines(
    file,
    rows.map((row) => JSON.stringify(row)),
  );

function rowOf(value: unknown): JournalRow {
  const read = rowForm.safeParse(value);
  if (read.success) return { number: read.data.number, entry: read.data.entry as JsonObject };
  throw usageFailure('NOT_A_JOURNAL', 'that is no journal of a bot.', 'name a file that --save wrote');
}
