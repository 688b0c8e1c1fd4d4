import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { ask } from '../api/session.js';
import { merged } from '../domain/merge.js';
import type { Bot, CandleRow } from '../domain/rows.js';
import { useChannel } from './live-provider.js';

const candlesMax = 500;

const rules = {
  keyOf: ({ openedAt }: CandleRow) => openedAt,
  timeOf: ({ openedAt }: CandleRow) => openedAt,
  // A candle that is closed is final; of two open ones the stream's, which comes last, is newer.
  isNewer: (row: CandleRow, known: CandleRow) => row.closed || !known.closed,
};

/** The candles of a bot's market, oldest first: those from before, and then what the stream tells. */
export function useCandleHistory(
  { venue, symbol }: Pick<Bot, 'venue' | 'symbol'>,
  timeframe: string,
): readonly CandleRow[] | undefined {
  const live = useChannel<CandleRow>(`candles:${venue}:${symbol}:${timeframe}`);
  const history = useQuery({
    queryKey: ['candles', venue, symbol, timeframe],
    queryFn: () => {
      const query = new URLSearchParams({ instrument: `${venue}:${symbol}`, timeframe, limit: String(candlesMax) });
      return ask<{ readonly data: readonly CandleRow[] }>({ method: 'GET', path: `/v1/candles?${query}` });
    },
    staleTime: 0,
    gcTime: 0,
  });
  return useMemo(() => {
    // Without what was before, the stream alone is still a chart.
    if (live === undefined && !history.isSuccess) return undefined;
    return merged(live ?? [], history.data?.data ?? [], rules)
      .slice(0, candlesMax)
      .toReversed();
  }, [live, history.data, history.isSuccess]);
}
