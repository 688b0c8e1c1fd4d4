import { useCallback, useMemo } from 'react';
import { lastFills } from '../domain/card-facts.js';
import type { Bot, Fill, PriceRow } from '../domain/rows.js';
import { priceOf } from '../domain/totals.js';
import { useChannel } from './live-provider.js';

export interface CardMarket {
  readonly price: PriceRow | undefined;
  /** Null when it is older than what is kept here; undefined while that is not known. */
  readonly lastFill: Fill | null | undefined;
}

/** What the market and the fills say of each bot; read once for all cards. */
export function useCardMarket(): (bot: Bot) => CardMarket {
  const prices = useChannel<PriceRow>('prices');
  const fills = useChannel<Fill>('fills');
  const newest = useMemo(() => fills && lastFills(fills), [fills]);
  return useCallback(
    (bot) => ({
      price: priceOf(bot, prices ?? []),
      lastFill: newest === undefined ? undefined : (newest.get(bot.id) ?? null),
    }),
    [prices, newest],
  );
}
