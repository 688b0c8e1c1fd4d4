import { useMemo } from 'react';
import { useInstrumentOf } from '../api/instruments.js';
import { compare, placesOf, shown } from '../domain/decimal.js';
import type { Bot, CandleRow, PriceRow } from '../domain/rows.js';
import { lastOf } from '../domain/totals.js';
import { useChannel, useUnreachable } from '../live/live-provider.js';
import { usePriceAge } from '../live/use-price-age.js';
import { Sparkline } from '../ui/sparkline.js';

const marketsMax = 6;

/** The markets that bots trade, or the first ones when there is no bot yet. */
export function Markets({ bots }: { readonly bots: readonly Bot[] | undefined }) {
  const prices = useChannel<PriceRow>('prices');
  const unreachable = useUnreachable();
  const markets = useMemo(() => {
    const traded = new Set((bots ?? []).map(({ venue, symbol }) => `${venue}:${symbol}`));
    const known = (prices ?? []).toSorted((left, right) => left.instrument.localeCompare(right.instrument));
    const wanted = traded.size === 0 ? known : known.filter(({ instrument }) => traded.has(instrument));
    return wanted.slice(0, marketsMax);
  }, [bots, prices]);
  if (prices === undefined && !unreachable) {
    // As high as what comes, so that nothing jumps when it is there.
    return (
      <div aria-hidden="true" className="flex gap-3 overflow-hidden md:grid md:grid-cols-3">
        {[0, 1, 2].map((each) => (
          <div key={each} className="skeleton h-28 w-56 flex-none md:w-auto" />
        ))}
      </div>
    );
  }
  if (markets.length === 0) return null;
  return (
    <section
      aria-label="Markets"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by keyboard
      tabIndex={0}
      className="-mx-3 flex snap-x scroll-px-3 gap-3 overflow-x-auto px-3 pb-1 md:mx-0 md:grid md:grid-cols-3 md:overflow-visible md:px-0 2xl:grid-cols-6"
    >
      {markets.map((market) => (
        <MarketCard key={market.instrument} market={market} />
      ))}
    </section>
  );
}

function MarketCard({ market }: { readonly market: PriceRow }) {
  const { old, text } = usePriceAge()(market);
  const candles = useChannel<CandleRow>(`candles:${market.instrument}:1s`);
  const closes = useMemo(
    () =>
      (candles ?? []).toSorted((left, right) => (left.openedAt < right.openedAt ? -1 : 1)).map(({ close }) => close),
    [candles],
  );
  const first = closes.at(-120) ?? closes[0];
  const last = lastOf(market);
  const rising = first === undefined || last === null || compare(last, first) >= 0;
  const places = placesOf(useInstrumentOf()(market)?.tickSize, market.last, market.bid, market.ask);
  return (
    <article aria-label={market.symbol} className="card w-56 flex-none snap-start px-4 pt-3 pb-2 md:w-auto">
      <div className="flex items-baseline justify-between gap-2 text-sm">
        <span className="font-semibold">{market.symbol}</span>
        <span className={`text-xs ${old ? 'num font-semibold text-warn' : 'text-quiet'}`}>
          {old ? text : market.venue}
        </span>
      </div>
      <p data-old={old} className="num live mt-0.5 text-lg font-bold tracking-tight">
        {old ? null : (
          <span aria-hidden="true" className={`mr-1 text-xs ${rising ? 'text-up' : 'text-down'}`}>
            {rising ? '▲' : '▼'}
          </span>
        )}
        {shown(last, places)}
      </p>
      <Sparkline values={closes} rising={rising} />
    </article>
  );
}
