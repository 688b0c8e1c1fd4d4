import { useEffect, useMemo, useRef } from 'react';
import { usePages } from '../api/lists.js';
import { merged } from '../domain/merge.js';
import type { Bot, Fill } from '../domain/rows.js';
import { useChannel, useLiveStatus } from './live-provider.js';

/** As many as the gateway gives at once, and as many pages as are asked for at most: a chart is not the list of all fills. */
const pageRows = '500';
const pagesMax = 8;

const rules = {
  keyOf: ({ account, symbol, tradeId, clientOrderId }: Fill) => `${account}/${symbol}/${tradeId}/${clientOrderId}`,
  timeOf: ({ occurredAt }: Fill) => occurredAt,
  isNewer: () => true,
};

interface BotFills {
  /** Newest first. */
  readonly fills: readonly Fill[];
  /** Fills of this time and before may be missing; null where none is. */
  readonly since: string | null;
}

/**
 * The fills of a bot back to a time: those of the stream, which tells the newest of all bots, and before them as many pages as it
 * takes. Undefined until the first page is there.
 */
export function useBotFills({ id }: Pick<Bot, 'id'>, back: string | undefined): BotFills | undefined {
  const told = useTold(id);
  const { data, hasNextPage, isFetching, isError, fetchNextPage, refetch } = usePages<Fill>(`/v1/bots/${id}/fills`, {
    limit: pageRows,
  });
  const fetched = useMemo(() => data?.pages.flatMap((page) => page.data), [data]);
  const oldest = fetched?.at(-1)?.occurredAt;
  const goesBack =
    hasNextPage && !isError && back !== undefined && oldest !== undefined && Date.parse(oldest) >= Date.parse(back);
  useEffect(() => {
    if (goesBack && !isFetching && (data?.pages.length ?? 0) < pagesMax) void fetchNextPage();
  }, [goesBack, isFetching, data, fetchNextPage]);
  useAfterLoss(refetch);
  return useMemo(() => {
    if (fetched === undefined) return undefined;
    // Between what was fetched and so much that was told since, some may have been forgotten.
    const since = told.length === toldMax ? told.at(-1)?.occurredAt : hasNextPage ? oldest : null;
    return { fills: merged(told, fetched, rules), since: since ?? null };
  }, [told, fetched, hasNextPage, oldest]);
}

const toldMax = 4_000;
const nothingTold: readonly Fill[] = [];

/** What the stream has told of this bot since the page shows it; the channel itself forgets a bot's fills behind those of others. */
function useTold(bot: string): readonly Fill[] {
  const channel = useChannel<Fill>('fills');
  const known = useRef({ rows: nothingTold, keys: new Set<string>() });
  return useMemo(() => {
    const { rows, keys } = known.current;
    const news = channel?.filter((fill) => fill.bot === bot && !keys.has(rules.keyOf(fill))) ?? [];
    if (news.length === 0) return rows;
    const all = merged(news, rows, rules).slice(0, toldMax);
    known.current = { rows: all, keys: new Set(all.map(rules.keyOf)) };
    return all;
  }, [channel, bot]);
}

/** A line that was lost may come back with the newest alone. */
function useAfterLoss(refetch: () => Promise<unknown>): void {
  const status = useLiveStatus();
  const wasLost = useRef(false);
  useEffect(() => {
    if (status === 'reconnecting') wasLost.current = true;
    if (status !== 'live' || !wasLost.current) return;
    wasLost.current = false;
    void refetch();
  }, [status, refetch]);
}
