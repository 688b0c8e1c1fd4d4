import type { ReactNode } from 'react';
import { placesFor, shown } from '../domain/decimal.js';
import type { Amount, ModeTotals } from '../domain/totals.js';
import { usePriceAge } from '../live/use-price-age.js';
import { Gain, ModeMark, modeWords } from '../ui/marks.js';

/** What one mode adds up to. Every mode has a panel of its own, so that no sum mixes real and play money. */
export function ModePanel({ totals }: { readonly totals: ModeTotals }) {
  const { mode, pnl, fees, exposure, cycles, openOrders } = totals;
  const aged = useAgedExposure(totals);
  return (
    <section aria-label={`${mode} totals`} className={`card overflow-hidden ${mode === 'live' ? 'border-live' : ''}`}>
      <div className="flex items-center gap-2.5 border-b border-line px-4 py-2 text-sm text-quiet">
        <ModeMark mode={mode} /> {modeWords[mode]}
      </div>
      <dl className="grid grid-cols-2 gap-px bg-line lg:grid-cols-[1.6fr_1fr_1.3fr_1fr_1fr]">
        <Tile label="Net result" wide note={feesNote(fees)}>
          {pnl.length === 0 ? '–' : <Amounts amounts={pnl} render={(each) => <Gain {...each} />} />}
        </Tile>
        <Tile label="Bots running" note={<BotsNote totals={totals} />}>
          {totals.running} <span className="text-base font-medium text-quiet">of {totals.bots}</span>
        </Tile>
        <Tile label="Exposure" note={exposure === null ? unknown : aged} old={aged.startsWith('at a price')}>
          {exposure === null ? (
            '–'
          ) : exposure.length === 0 ? (
            'None'
          ) : (
            <Amounts amounts={exposure} render={(each) => <Plain {...each} />} />
          )}
        </Tile>
        <Tile label="Open orders" note={openOrders === null ? unknown : 'resting or on their way'}>
          {openOrders ?? '–'}
        </Tile>
        <Tile label="Cycles" note="bought and sold">
          {cycles}
        </Tile>
      </dl>
    </section>
  );
}

const unknown = 'not known yet';

/** What the exposure was valued at: a price that is old is told with its age. */
function useAgedExposure({ unpriced, valuedAt }: ModeTotals): string {
  const ageOf = usePriceAge();
  const old = valuedAt.map(ageOf).find((each) => each.old);
  if (old !== undefined) return `at a price that is ${old.text}`;
  return unpriced.length > 0 ? `no price for ${unpriced.join(', ')}` : 'held, at the last price';
}

const feesNote = (fees: readonly Amount[]): string =>
  fees.length === 0
    ? 'of completed cycles'
    : `after fees of ${fees.map(({ amount, currency }) => `${shown(amount, placesFor(amount))} ${currency}`).join(', ')}`;

function BotsNote({ totals }: { readonly totals: ModeTotals }) {
  if (totals.failed > 0) return <span className="font-semibold text-down">✕ {totals.failed} with an error</span>;
  return 'none with an error';
}

function Amounts({
  amounts,
  render,
}: {
  readonly amounts: readonly Amount[];
  readonly render: (each: Amount) => ReactNode;
}) {
  return amounts.map((each) => (
    <span key={each.currency} className="block">
      {render(each)}
    </span>
  ));
}

const Plain = ({ amount, currency }: Amount) => (
  <span className="num live whitespace-nowrap" title={`${amount} ${currency}`}>
    {shown(amount, placesFor(amount))} <span className="text-base font-medium text-quiet">{currency}</span>
  </span>
);

interface TileProps {
  readonly label: string;
  readonly note: ReactNode;
  readonly wide?: boolean;
  /** It was reckoned with something that is not of now. */
  readonly old?: boolean;
  readonly children: ReactNode;
}

function Tile({ label, note, wide = false, old = false, children }: TileProps) {
  return (
    <div className={`flex flex-col gap-0.5 bg-panel px-4 py-3 ${wide ? 'col-span-2 lg:col-span-1' : ''}`}>
      <dt className="text-sm text-quiet">{label}</dt>
      <dd data-old={old} className="num live text-2xl font-bold tracking-tight">
        {children}
      </dd>
      <dd className="text-xs text-quiet">{note}</dd>
    </div>
  );
}
