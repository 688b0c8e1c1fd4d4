import { Link } from '@tanstack/react-router';
import { Wallet } from 'lucide-react';
import { useMemo } from 'react';
import { placesFor, shown, signOf, sum } from '../domain/decimal.js';
import type { PriceAge } from '../domain/price-age.js';
import { type Balance, type Holdings, type Mode, modes, type Position, type PriceRow } from '../domain/rows.js';
import { priceOf, worthOf } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows, WaitingCard } from '../live/live-rows.js';
import { useDust } from '../live/use-dust.js';
import { useBotNames } from '../live/use-names.js';
import { usePriceAge } from '../live/use-price-age.js';
import { Empty } from '../ui/data-state.js';
import { DustMark, Gain, ModeMark } from '../ui/marks.js';
import { Page, Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';

/** What the venues say one holds, and what one's own fills add up to; every mode by itself. */
export function HoldingsScreen() {
  const accounts = useChannel<Holdings>('accounts');
  return (
    <Page title="Holdings">
      <LiveRows
        rows={accounts}
        waiting={<WaitingCard />}
        empty={
          <div className="card">
            <Empty icon={<Wallet className="size-6" />} title="No account has reported yet">
              Execution reports as soon as it has spoken to the venue.
            </Empty>
          </div>
        }
      >
        {(rows) => modes.map((mode) => <OfMode key={mode} mode={mode} accounts={rows} />)}
      </LiveRows>
    </Page>
  );
}

function OfMode({ mode, accounts }: { readonly mode: Mode; readonly accounts: readonly Holdings[] }) {
  const names = useBotNames();
  const prices = useChannel<PriceRow>('prices');
  const own = accounts.filter((account) => account.mode === mode);
  const ageOf = usePriceAge();
  const isDust = useDust();
  const columns = useMemo(
    () => positionColumns({ names, known: prices, ageOf, isDust }),
    [names, prices, ageOf, isDust],
  );
  if (own.length === 0) return null;
  const positions = own.flatMap((account) => account.positions).filter(({ quantity }) => signOf(quantity) !== 0);
  const balances = own.flatMap((account) => account.balances);
  return (
    <section aria-label={`${mode} holdings`} className="flex flex-col gap-4">
      <h2 className="flex items-center gap-2 text-sm text-quiet">
        <ModeMark mode={mode} /> {own.map(({ label }) => label).join(', ')}
      </h2>
      <div className="grid items-start gap-4 2xl:grid-cols-[3fr_2fr]">
        <Section title="Positions" note={noteOf(positions, isDust)}>
          {positions.length === 0 ? (
            <Empty title="Nothing is held">What bots buy and have not sold yet is here.</Empty>
          ) : (
            <Sheet
              caption="Positions"
              columns={columns}
              rows={positions}
              keyOf={({ account, bot, symbol }) => `${account}/${bot}/${symbol}`}
            />
          )}
        </Section>
        <Section title="Balances" note={balances.length}>
          <Sheet
            caption="Balances"
            columns={balanceColumns}
            rows={balances}
            keyOf={({ account, currency }) => `${account}/${currency}`}
          />
        </Section>
      </div>
    </section>
  );
}

const balanceColumns: readonly Column<Balance>[] = [
  { label: 'Asset', cell: ({ currency }) => <span className="font-semibold">{currency}</span> },
  { label: 'Account', cell: ({ account }) => account },
  { label: 'Free', figure: true, cell: ({ free }) => <span className="live">{shown(free)}</span> },
  { label: 'In orders', figure: true, cell: ({ locked }) => <span className="live">{shown(locked)}</span> },
  { label: 'Total', figure: true, cell: ({ total }) => <span className="live">{shown(total)}</span> },
];

/** Dust is held, and is no position. */
function noteOf(held: readonly Position[], isDust: (position: Position) => boolean): string {
  const dust = held.filter(isDust).length;
  return dust === 0 ? String(held.length) : `${held.length - dust}, and ${dust} of dust`;
}

interface Known {
  readonly names: ReadonlyMap<string, string>;
  readonly known: readonly PriceRow[] | undefined;
  readonly ageOf: (row: PriceRow) => PriceAge;
  readonly isDust: (position: Position) => boolean;
}

function positionColumns({ names, known, ageOf, isDust }: Known): readonly Column<Position>[] {
  const prices = known ?? [];
  const ageAt = (position: Position): PriceAge | null => {
    const price = priceOf(position, prices);
    return price === undefined ? null : ageOf(price);
  };
  return [
    {
      label: 'Bot',
      cell: ({ bot }) =>
        bot === null ? (
          'by hand'
        ) : (
          <Link to="/bots/$botId" params={{ botId: bot }} className="font-medium whitespace-nowrap hover:text-accent">
            {names.get(bot) ?? bot}
          </Link>
        ),
    },
    { label: 'Market', cell: ({ symbol }) => <span className="whitespace-nowrap">{symbol}</span> },
    {
      label: 'Quantity',
      figure: true,
      cell: (position) => (
        <span className="live">
          {shown(position.quantity)}
          {isDust(position) ? <DustMark /> : null}
        </span>
      ),
    },
    {
      label: 'Value at last price',
      figure: true,
      cell: (position) => {
        const value = worthOf(position, prices);
        return value === null ? (
          known === undefined ? (
            'not known yet'
          ) : (
            'no price'
          )
        ) : (
          <span data-old={ageAt(position)?.old} className="live">
            {`${shown(value, placesFor(value))} ${position.currency}`}
            {ageAt(position)?.old ? <span className="block text-xs">{ageAt(position)?.text}</span> : null}
          </span>
        );
      },
    },
    {
      label: 'Result if closed there',
      figure: true,
      cell: (position) => {
        const value = worthOf(position, prices);
        // Cash flows and value are of one currency; fees of others are told beside.
        return value === null ? (
          '–'
        ) : (
          <span data-old={ageAt(position)?.old}>
            <Gain amount={sum([position.cash, value])} currency={position.currency} />
          </span>
        );
      },
    },
    {
      label: 'Fees paid',
      figure: true,
      cell: ({ fees }) =>
        fees.length === 0
          ? '–'
          : fees.map(({ amount, currency }) => (
              <span key={currency} className="block whitespace-nowrap">
                {shown(amount, placesFor(amount))} {currency}
              </span>
            )),
    },
  ];
}
