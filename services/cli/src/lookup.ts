import type { Row } from './api-client.js';
import type { Context } from './context.js';
import { exitCodes, Failure } from './failure.js';
import { didYouMean } from './nearest.js';
import { textOf } from './rows.js';

/** Where things of a kind are listed, and what people call them. */
export interface Kind {
  readonly path: string;
  /** As in `you have no bot "x"`. */
  readonly noun: string;
  /** The field that people name it by; its id always works. */
  readonly label: string;
  /** The command that lists them. */
  readonly listing: string;
  /** The list comes whole, and knows no pages. */
  readonly isWhole?: boolean;
}

/** One thing by its id, or by its label when only one has it. @throws Failure NOT_FOUND, NAME_AMBIGUOUS */
export async function findOne({ api }: Context, wanted: string, kind: Kind): Promise<Row> {
  const { data } = await (kind.isWhole === true ? api.list(kind.path) : api.all(kind.path));
  const byId = data.find(({ id }) => id === wanted);
  if (byId !== undefined) return byId;
  const labeled = data.filter((row) => row[kind.label] === wanted);
  const [one] = labeled;
  if (one !== undefined && labeled.length === 1) return one;
  const exitCode = exitCodes.refused;
  if (labeled.length > 1) {
    const next = `use an id: ${labeled.map(({ id }) => textOf(id)).join(', ')}`;
    throw new Failure('NAME_AMBIGUOUS', `${labeled.length} ${kind.noun}s are called "${wanted}".`, { exitCode, next });
  }
  const near = didYouMean(
    wanted,
    data.map((row) => textOf(row[kind.label])),
  );
  const next = near === '' ? `see scalpstorm ${kind.listing}` : near;
  throw new Failure('NOT_FOUND', `you have no ${kind.noun} "${wanted}".`, { exitCode, next });
}
