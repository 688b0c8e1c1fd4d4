import { shown } from './decimal.js';
import type { Bot, Fill } from './rows.js';

export interface CardFacts {
  readonly quantity: string;
  readonly trailing: string;
  readonly loop: string;
  /** Null where it is 1, as on every spot market. */
  readonly leverage: string | null;
}

/** What a bot was told, as its card says it. Strategies name these parameters alike; what one does not have is a dash. */
export function cardFacts({ parameters, symbol }: Pick<Bot, 'parameters' | 'symbol'>): CardFacts {
  const { quantity, trailingPercent, loop, leverage } = parameters;
  const [base = ''] = symbol.split('-');
  return {
    quantity: quantity === undefined || quantity === null ? '–' : `${shown(String(quantity))} ${base}`,
    trailing: trailingPercent === undefined || trailingPercent === null ? 'off' : `${String(trailingPercent)} %`,
    loop: loop === false ? 'one cycle' : 'endless',
    leverage: leverage === undefined || leverage === null || Number(leverage) === 1 ? null : `${String(leverage)}×`,
  };
}

/** So many bots are asked for one by one; of more, the page says only that their last fill was earlier. */
export const askedMax = 24;

/** Bots that have traded, and not among the newest fills of all bots. */
export const tradedBefore = <Traded extends Pick<Bot, 'id' | 'fills'>>(
  bots: readonly Traded[],
  newest: ReadonlyMap<string, Fill>,
): readonly Traded[] => bots.filter(({ id, fills }) => fills > 0 && !newest.has(id)).slice(0, askedMax);

/** The newest fill of each bot. */
export function lastFills(fills: readonly Fill[]): ReadonlyMap<string, Fill> {
  const newest = new Map<string, Fill>();
  for (const fill of fills) {
    if (fill.bot === null) continue;
    const known = newest.get(fill.bot);
    if (known === undefined || known.occurredAt < fill.occurredAt) newest.set(fill.bot, fill);
  }
  return newest;
}
