import { useMemo } from 'react';
import type { Bot } from '../domain/rows.js';
import { useChannel } from './live-provider.js';

/** Names of bots by id. */
export function useBotNames(): ReadonlyMap<string, string> {
  const bots = useChannel<Bot>('bots');
  return useMemo(() => new Map((bots ?? []).map(({ id, name }) => [id, name])), [bots]);
}
