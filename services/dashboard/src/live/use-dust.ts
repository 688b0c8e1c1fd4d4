import { useCallback, useMemo } from 'react';
import { useInstrumentOf } from '../api/instruments.js';
import { isDust, withoutDust } from '../domain/dust.js';
import type { Holdings, PriceRow } from '../domain/rows.js';
import { type Held, priceOf } from '../domain/totals.js';
import { useChannel } from './live-provider.js';

/** Whether the venue takes no order of so little, as far as its rules and the price are known. */
export function useDust(): (held: Held) => boolean {
  const instrumentOf = useInstrumentOf();
  const prices = useChannel<PriceRow>('prices');
  return useCallback((held) => isDust(held, instrumentOf(held), priceOf(held, prices ?? [])), [instrumentOf, prices]);
}

/** What is held and can be traded; undefined while it is not known. */
export function useTradable(): readonly Holdings[] | undefined {
  const accounts = useChannel<Holdings>('accounts');
  const isDustThere = useDust();
  return useMemo(() => accounts && withoutDust(accounts, isDustThere), [accounts, isDustThere]);
}
