import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';
import { type Listing, usePages } from '../api/lists.js';
import { ask } from '../api/session.js';
import { merged } from '../domain/merge.js';
import type { Bot, Cycle } from '../domain/rows.js';

/** A bot that completes several in a second is not asked about each. */
const pauseMs = 1_000;

const rules = {
  keyOf: ({ number }: Cycle) => String(number),
  timeOf: ({ number }: Cycle) => String(number).padStart(12, '0'),
  isNewer: () => true,
};

/**
 * Cycles of a bot, newest first. The stream tells with the bot how many there are; when it is one more, the newest are
 * asked for, and when more are missing than one page holds, all of it is read anew.
 */
export function useCycles(bot: Pick<Bot, 'id' | 'cycles'>) {
  const path = `/v1/bots/${bot.id}/cycles`;
  const pages = usePages<Cycle>(path, { limit: '50' });
  const newest = useQuery({
    queryKey: ['newest-cycles', bot.id],
    queryFn: () => ask<Listing<Cycle>>({ method: 'GET', path: `${path}?limit=50` }),
    enabled: false,
    gcTime: 0,
  });
  useAskAgain(bot.cycles, newest.refetch);
  const fetched = useMemo(() => pages.data?.pages.flatMap(({ data }) => data), [pages.data]);
  const fresh = newest.data?.data;
  const oldestFresh = fresh?.at(-1)?.number ?? 0;
  const hole = fetched !== undefined && fresh !== undefined && oldestFresh > (fetched[0]?.number ?? 0) + 1;
  const { refetch } = pages;
  useEffect(() => {
    if (hole) void refetch();
  }, [hole, refetch]);
  const rows = useMemo(() => fetched && merged(hole ? [] : (fresh ?? []), fetched, rules), [fetched, fresh, hole]);
  return { rows, pages, readAt: Math.max(newest.dataUpdatedAt, pages.dataUpdatedAt) };
}

/** Asks when the count changes, at most once in a pause; the last change is never left out. */
function useAskAgain(count: number, refetch: () => Promise<unknown>): void {
  const known = useRef(count);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    if (known.current === count) return;
    known.current = count;
    timer.current ??= setTimeout(() => {
      timer.current = null;
      void refetch();
    }, pauseMs);
  }, [count, refetch]);
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    },
    [],
  );
}
