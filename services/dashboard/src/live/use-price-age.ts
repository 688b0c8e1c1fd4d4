import { useCallback } from 'react';
import { type PriceAge, priceAge } from '../domain/price-age.js';
import type { PriceRow } from '../domain/rows.js';
import { age } from '../domain/time.js';
import { useNow } from '../ui/clock.js';
import { useLive } from './live-provider.js';

/** Whether a price is of now; renewed each second. */
export function usePriceAge(): (row: PriceRow) => PriceAge {
  const { dataClock } = useLive();
  const now = useNow();
  return useCallback(
    (row) => priceAge(row, row.at === null ? null : dataClock.since(Date.parse(row.at), now), age),
    [dataClock, now],
  );
}
