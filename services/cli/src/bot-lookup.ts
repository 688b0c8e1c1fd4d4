import type { Row } from './api-client.js';
import type { Context } from './context.js';
import { exitCodes, Failure } from './failure.js';
import { didYouMean } from './nearest.js';
import { textOf } from './rows.js';

const idPattern = /^bot_[0-9a-z]{8}$/;

/** A bot by its id, or by its name when only one has it. @throws Failure NOT_FOUND, NAME_AMBIGUOUS */
export async function findBot({ api }: Context, wanted: string): Promise<Row> {
  if (idPattern.test(wanted)) return (await api.get(`/v1/bots/${wanted}`)) as Row;
  const { data } = await api.all('/v1/bots');
  const named = data.filter(({ name }) => name === wanted);
  const [bot] = named;
  if (bot !== undefined && named.length === 1) return bot;
  const exitCode = exitCodes.refused;
  if (named.length > 1) {
    const next = `use an id: ${named.map(({ id }) => textOf(id)).join(', ')}`;
    throw new Failure('NAME_AMBIGUOUS', `${named.length} bots are called "${wanted}".`, { exitCode, next });
  }
  const near = didYouMean(
    wanted,
    data.map(({ name }) => textOf(name)),
  );
  const next = near === '' ? 'see scalpstorm bots list' : near;
  throw new Failure('NOT_FOUND', `you have no bot "${wanted}".`, { exitCode, next });
}

export const idOf = (row: Row): string => textOf(row['id']);

export const named = ({ id, name, mode }: Row): string =>
  `${textOf(name)} (${textOf(id)}${mode === 'live' ? ', LIVE' : ''})`;
