import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { LayoutGrid, Rows3, SearchX } from 'lucide-react';
import { useState } from 'react';
import { shown, signOf } from '../domain/decimal.js';
import type { Bot } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows } from '../live/live-rows.js';
import { BotCard, Reason } from '../ui/bot-card.js';
import { BotVerbs } from '../ui/bot-verbs.js';
import { Empty } from '../ui/data-state.js';
import { Gain, ModeMark, StateMark } from '../ui/marks.js';
import { NewBotLink } from '../ui/new-bot-link.js';
import { recall, remember } from '../ui/preference.js';
import { Page } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { NoBots } from './overview.js';

type Layout = 'grid' | 'column';
const layoutKey = 'bots.layout';

/** Every bot, as cards or as a table; the choice is in the address and remembered. */
export function Bots() {
  const bots = useChannel<Bot>('bots');
  const search = useSearch({ from: '/bots' });
  const navigate = useNavigate({ from: '/bots' });
  const [filter, setFilter] = useState('');
  const layout: Layout = search.layout ?? (recall(layoutKey) === 'column' ? 'column' : 'grid');
  const choose = (next: Layout) => {
    remember(layoutKey, next);
    void navigate({ search: { layout: next }, replace: true });
  };
  const wanted = bots
    ?.filter((bot) => matches(bot, filter))
    .toSorted((left, right) => left.name.localeCompare(right.name));
  return (
    <Page
      title="Bots"
      lead={bots === undefined ? undefined : countsOf(bots)}
      actions={
        <>
          <LayoutChoice layout={layout} onChoose={choose} />
          <NewBotLink />
        </>
      }
    >
      {bots !== undefined && bots.length > 6 ? (
        <input
          className="input max-w-sm"
          type="search"
          aria-label="Find bots by name, market, mode or state"
          placeholder="Find by name, market, mode or state"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      ) : null}
      <LiveRows
        rows={wanted}
        skeleton={<div className="skeleton h-72" />}
        empty={
          <div className="card">
            {bots?.length === 0 ? <NoBots /> : <NoMatch count={bots?.length ?? 0} onClear={() => setFilter('')} />}
          </div>
        }
      >
        {(rows) => (layout === 'grid' ? <Grid bots={rows} /> : <Table bots={rows} />)}
      </LiveRows>
    </Page>
  );
}

const matches = (bot: Bot, filter: string): boolean =>
  `${bot.name} ${bot.symbol} ${bot.mode} ${bot.observed}`.toLowerCase().includes(filter.trim().toLowerCase());

function countsOf(bots: readonly Bot[]): string {
  const count = (state: Bot['observed']) => bots.filter(({ observed }) => observed === state).length;
  const parts = (['running', 'paused', 'stopped', 'error'] as const)
    .map((state) => [count(state), state] as const)
    .filter(([amount]) => amount > 0);
  return parts.map(([amount, state]) => `${amount} ${state === 'error' ? 'with an error' : state}`).join(' · ');
}

function NoMatch({ count, onClear }: { readonly count: number; readonly onClear: () => void }) {
  return (
    <Empty
      icon={<SearchX className="size-6" />}
      title={`None of ${count} bots matches`}
      action={
        <button type="button" className="button small" onClick={onClear}>
          Clear the search
        </button>
      }
    />
  );
}

function LayoutChoice({ layout, onChoose }: { readonly layout: Layout; readonly onChoose: (layout: Layout) => void }) {
  const choices = [
    { value: 'grid', label: 'Cards', icon: LayoutGrid },
    { value: 'column', label: 'Table', icon: Rows3 },
  ] as const;
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5">
      <legend className="sr-only">Layout</legend>
      {choices.map(({ value, label, icon: Icon }) => (
        <button
          key={value}
          type="button"
          title={label}
          aria-label={label}
          aria-pressed={layout === value}
          className="grid size-8 place-items-center rounded-md text-quiet aria-pressed:bg-raised aria-pressed:text-ink"
          onClick={() => onChoose(value)}
        >
          <Icon aria-hidden="true" className="size-4" />
        </button>
      ))}
    </fieldset>
  );
}

function Grid({ bots }: { readonly bots: readonly Bot[] }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3 2xl:grid-cols-4">
      {bots.map((bot) => (
        <BotCard key={bot.id} bot={bot} />
      ))}
    </div>
  );
}

const columns: readonly Column<Bot>[] = [
  {
    label: 'Name',
    cell: (bot) => (
      <Link to="/bots/$botId" params={{ botId: bot.id }} className="font-semibold whitespace-nowrap hover:text-accent">
        {bot.name}
      </Link>
    ),
  },
  { label: 'Mode', cell: ({ mode }) => <ModeMark mode={mode} /> },
  { label: 'State', cell: ({ observed }) => <StateMark state={observed} /> },
  { label: 'Market', cell: ({ symbol }) => <span className="whitespace-nowrap">{symbol}</span> },
  { label: 'Net result', figure: true, cell: ({ pnl, currency }) => <Gain amount={pnl} currency={currency} /> },
  { label: 'Cycles', figure: true, cell: ({ cycles }) => cycles },
  { label: 'Holds', figure: true, cell: ({ held }) => (signOf(held) === 0 ? '–' : shown(held)) },
  { label: 'Reason', cell: (bot) => <Reason bot={bot} /> },
  { label: 'Actions', cell: (bot) => <BotVerbs bot={bot} compact /> },
];

function Table({ bots }: { readonly bots: readonly Bot[] }) {
  return (
    <div className="card overflow-hidden">
      <Sheet caption="Bots" columns={columns} rows={bots} keyOf={({ id }) => id} />
    </div>
  );
}
