import { useQueries } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import type { Listing } from '../api/lists.js';
import { ask } from '../api/session.js';
import { lastFills, tradedBefore } from '../domain/card-facts.js';
import type { Bot, Fill, PriceRow } from '../domain/rows.js';
import { priceOf } from '../domain/totals.js';
import { useChannel } from './live-provider.js';

export interface CardMarket {
  readonly price: PriceRow | undefined;
  /** Null when it is older than what is kept here; undefined while that is not known. */
  readonly lastFill: Fill | null | undefined;
}

const nobody: readonly Bot[] = [];

/** What the market and the fills say of each bot; read once for all cards. `traders` are those whose last fill is shown. */
export function useCardMarket(traders: readonly Bot[] = nobody): (bot: Bot) => CardMarket {
  const prices = useChannel<PriceRow>('prices');
  const fills = useChannel<Fill>('fills');
  const newest = useMemo(() => fills && lastFills(fills), [fills]);
  const older = useOlderFills(traders, newest);
  return useCallback(
    (bot) => ({
      price: priceOf(bot, prices ?? []),
      lastFill: newest === undefined ? undefined : (newest.get(bot.id) ?? older.get(bot.id) ?? null),
    }),
    [prices, newest, older],
  );
}

const newestOf = (answers: readonly { readonly data: Listing<Fill> | undefined }[]): ReadonlyMap<string, Fill> =>
  lastFills(answers.flatMap(({ data }) => data?.data ?? []));

/** The stream begins with the newest fills of all bots: a slow one beside busy ones has none among them. */
function useOlderFills(
  traders: readonly Bot[],
  newest: ReadonlyMap<string, Fill> | undefined,
): ReadonlyMap<string, Fill> {
  const asked = newest === undefined ? [] : tradedBefore(traders, newest);
  return useQueries({
    // Another number of fills is another last one.
    queries: asked.map(({ id, fills }) => ({
      queryKey: ['last-fill', id, fills],
      queryFn: () => ask<Listing<Fill>>({ method: 'GET', path: `/v1/bots/${id}/fills?limit=1` }),
      staleTime: Infinity,
    })),
    combine: newestOf,
  });
}
