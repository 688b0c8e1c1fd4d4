import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useAccounts, useMay, useVenueAccounts, useVenueOffers } from '../api/lists.js';
import type { Account } from '../domain/rows.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { ModeMark } from '../ui/marks.js';
import { Page, Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { ApiKeys } from './api-keys.js';
import { VenueAccountCard } from './venue-account-card.js';
import { AddVenueAccount } from './venue-account-dialogs.js';

/** What one trades with, and what programs come in with. Nothing here ever shows a secret again. */
export function Accounts() {
  return (
    <Page title="Accounts and keys">
      <VenueAccounts />
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <TradingAccounts />
        <ApiKeys />
      </div>
    </Page>
  );
}

function VenueAccounts() {
  const accounts = useVenueAccounts();
  const offers = useVenueOffers();
  const [adding, setAdding] = useState(false);
  const rows = accounts.data?.data;
  const offered = offers.data?.data ?? [];
  const mayTrade = useMay('trader');
  const add =
    offered.length === 0 || !mayTrade ? null : (
      <button type="button" className="button primary small" onClick={() => setAdding(true)}>
        <Plus aria-hidden="true" className="size-4" /> Add an account
      </button>
    );
  return (
    <Section title="Venue accounts" note="that you brought" actions={rows?.length === 0 ? null : add}>
      {accounts.isPending ? <Skeleton /> : null}
      {accounts.isError ? <ProblemPanel error={accounts.error} onRetry={() => void accounts.refetch()} /> : null}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty icon={<KeyRound className="size-6" />} title="You have brought no account" action={add}>
          {offered.length === 0 && offers.isSuccess
            ? 'This installation takes no venue accounts: its operator has configured no vault for keys.'
            : 'Bring a key of your venue that may trade and may not withdraw. It is tested first, sealed at once, and never shown again.'}
        </Empty>
      ) : (
        <ul className="grid gap-px bg-line md:grid-cols-2">
          {rows.map((account) => (
            <VenueAccountCard key={account.id} account={account} />
          ))}
        </ul>
      )}
      {adding ? <AddVenueAccount offers={offered} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

const columns: readonly Column<Account>[] = [
  { label: 'Name', cell: ({ label }) => <span className="font-semibold">{label}</span> },
  { label: 'Id', cell: ({ id }) => <code className="text-xs">{id}</code> },
  { label: 'Venue', cell: ({ venue }) => venue },
  { label: 'Mode', cell: ({ mode }) => <ModeMark mode={mode} /> },
];

function TradingAccounts() {
  const accounts = useAccounts();
  const rows = accounts.data?.data;
  return (
    <Section title="What bots can trade with" note={rows?.length}>
      {accounts.isPending ? <Skeleton /> : null}
      {accounts.isError ? <ProblemPanel error={accounts.error} onRetry={() => void accounts.refetch()} /> : null}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty title="None yet">A bot needs an account at a venue.</Empty>
      ) : (
        <Sheet caption="Accounts that bots can trade with" columns={columns} rows={rows} keyOf={({ id }) => id} />
      )}
    </Section>
  );
}
