import { useInstrumentOfAccount } from '../api/lists.js';
import { placesFor, placesOf, shown } from '../domain/decimal.js';
import { feeFact } from '../domain/fee-fact.js';
import type { Instrument, PriceRow } from '../domain/rows.js';
import { worthOf } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';

interface MarketFactsProps {
  readonly instrument: Instrument | undefined;
  /** Whose fees are told. */
  readonly account: string | undefined;
  /** As it is typed now. */
  readonly quantity: string | undefined;
}

/** The venue's rules for the market, and what the size is worth: read before one is refused. */
export function MarketFacts({ instrument, account, quantity }: MarketFactsProps) {
  const own = useInstrumentOfAccount(instrument?.id, account);
  const prices = useChannel<PriceRow>('prices') ?? [];
  if (instrument === undefined) return null;
  const { base, quote, symbol, venue } = instrument;
  const price = prices.find(({ instrument: id }) => id === instrument.id);
  const value = quantity === undefined ? null : worthOf({ venue, symbol, quantity: quantity.trim() }, prices);
  const facts: readonly (readonly [string, string])[] = [
    [
      'Last price',
      `${shown(price?.last ?? instrument.lastPrice, placesOf(price?.last, instrument.tickSize))} ${quote}`,
    ],
    ['This size', value === null ? '–' : `≈ ${shown(value, placesFor(value))} ${quote}`],
    ['Price step', `${instrument.tickSize} ${quote}`],
    ['Size step', `${instrument.stepSize} ${base}`],
    ['Smallest size', `${instrument.quantityMin} ${base}`],
    ['Smallest order', `${instrument.notionalMin} ${quote}`],
    feeFact(instrument, own.isError ? null : own.data?.data[0]),
  ];
  return (
    <section aria-label="The market" className="card p-4">
      <h2 className="font-semibold">{symbol}</h2>
      <dl className="mt-2 flex flex-col gap-1.5 text-sm">
        {facts.map(([label, text]) => (
          <div key={label} className="flex justify-between gap-4">
            <dt className="text-quiet">{label}</dt>
            <dd className="num live text-right whitespace-nowrap">{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
