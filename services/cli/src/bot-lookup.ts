import type { Row } from './api-client.js';
import type { Context } from './context.js';
import { findOne } from './lookup.js';
import { textOf } from './rows.js';

const idPattern = /^bot_[0-9a-z]{8}$/;
const bots = { path: '/v1/bots', noun: 'bot', label: 'name', listing: 'bots list' } as const;

/** A bot by its id, or by its name when only one has it. @throws Failure NOT_FOUND, NAME_AMBIGUOUS */
export async function findBot(context: Context, wanted: string): Promise<Row> {
  if (idPattern.test(wanted)) return (await context.api.get(`/v1/bots/${wanted}`)) as Row;
  return findOne(context, wanted, bots);
}

export const idOf = (row: Row): string => textOf(row['id']);

export const named = ({ id, name, mode }: Row): string =>
  `${textOf(name)} (${textOf(id)}${mode === 'live' ? ', LIVE' : ''})`;
