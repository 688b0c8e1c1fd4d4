import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Columns2, Columns3, Rows3, SearchX, Square } from 'lucide-react';
import { useState } from 'react';
import { cardFacts } from '../domain/card-facts.js';
import type { Bot } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows, WaitingCard } from '../live/live-rows.js';
import { type CardMarket, useCardMarket } from '../live/use-card-market.js';
import { BotCard, LivePrice, Reason } from '../ui/bot-card.js';
import { BotVerbs } from '../ui/bot-verbs.js';
import { Empty } from '../ui/data-state.js';
import { Held } from '../ui/held.js';
import { Gain, ModeMark, StateMark } from '../ui/marks.js';
import { NewBotLink } from '../ui/new-bot-link.js';
import { recall, remember } from '../ui/preference.js';
import { Page } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { NoBots } from './overview.js';

/** Cards in so many columns, or one line a bot. */
type Layout = '1' | '2' | '3' | 'column';
const layoutKey = 'bots.layout';

function remembered(): Layout {
  const found = recall(layoutKey);
  return layouts.find(({ value }) => value === found)?.value ?? '3';
}

/** Every bot, as cards or as a table; the choice is in the address and remembered. */
export function Bots() {
  const bots = useChannel<Bot>('bots');
  const search = useSearch({ from: '/bots' });
  const navigate = useNavigate({ from: '/bots' });
  const [filter, setFilter] = useState('');
  const layout = search.layout ?? remembered();
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
        waiting={<WaitingCard />}
        skeleton={<div className="skeleton h-72" />}
        empty={
          <div className="card">
            {bots?.length === 0 ? <NoBots /> : <NoMatch count={bots?.length ?? 0} onClear={() => setFilter('')} />}
          </div>
        }
      >
        {(rows) => (layout === 'column' ? <Table bots={rows} /> : <Grid bots={rows} columns={layout} />)}
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

interface LayoutChoiceProps {
  readonly layout: Layout;
  readonly onChoose: (layout: Layout) => void;
}

const layouts = [
  { value: '1', label: 'Cards in one column', icon: Square, wideOnly: false },
  { value: '2', label: 'Cards in two columns', icon: Columns2, wideOnly: true },
  { value: '3', label: 'Cards in three columns', icon: Columns3, wideOnly: true },
  { value: 'column', label: 'Table', icon: Rows3, wideOnly: false },
] as const;

function LayoutChoice({ layout, onChoose }: LayoutChoiceProps) {
  return (
    <fieldset className="flex rounded-lg border border-line p-0.5">
      <legend className="sr-only">Layout</legend>
      {layouts.map(({ value, label, icon: Icon, wideOnly }) => (
        <button
          key={value}
          type="button"
          title={label}
          aria-label={label}
          aria-pressed={layout === value}
          className={`${wideOnly ? 'hidden sm:grid' : 'grid'} size-8 place-items-center rounded-md text-quiet aria-pressed:bg-raised aria-pressed:text-ink`}
          onClick={() => onChoose(value)}
        >
          <Icon aria-hidden="true" className="size-4" />
        </button>
      ))}
    </fieldset>
  );
}

/** A phone has one column, whatever was chosen on something wider. */
const grids = { '1': '', '2': 'sm:grid-cols-2', '3': 'sm:grid-cols-2 xl:grid-cols-3' } as const;

function Grid({ bots, columns }: { readonly bots: readonly Bot[]; readonly columns: keyof typeof grids }) {
  const marketOf = useCardMarket(bots);
  return (
    <div data-testid="bots-grid" className={`grid gap-4 ${grids[columns]}`}>
      {bots.map((bot) => (
        <BotCard key={bot.id} bot={bot} market={marketOf(bot)} />
      ))}
    </div>
  );
}

const columnsOf = (marketOf: (bot: Bot) => CardMarket): readonly Column<Bot>[] => [
  {
    label: 'Name',
    cell: (bot) => (
      <Link to="/bots/$botId" params={{ botId: bot.id }} className="font-semibold whitespace-nowrap hover:text-accent">
        {bot.name}
        <span className="mt-0.5 flex items-center gap-2 text-xs font-normal text-quiet">
          {bot.symbol} <ModeMark mode={bot.mode} />
        </span>
      </Link>
    ),
  },
  {
    label: 'State',
    cell: (bot) => (
      <div className="max-w-48 xl:max-w-56 2xl:max-w-96">
        <StateMark state={bot.observed} />
        <Reason bot={bot} short />
      </div>
    ),
  },
  { label: 'Live price', figure: true, cell: (bot) => <LivePrice price={marketOf(bot).price} /> },
  { label: 'Net result', figure: true, cell: ({ pnl, currency }) => <Gain amount={pnl} currency={currency} /> },
  { label: 'Cycles', figure: true, cell: ({ cycles }) => cycles },
  {
    label: 'Holds, of quantity',
    figure: true,
    cell: (bot) => (
      <>
        <Held bot={bot} />
        <span className="block text-xs whitespace-nowrap text-quiet">of {cardFacts(bot).quantity}</span>
      </>
    ),
  },
  { label: 'Actions', whole: true, cell: (bot) => <BotVerbs bot={bot} compact /> },
];

function Table({ bots }: { readonly bots: readonly Bot[] }) {
  const columns = columnsOf(useCardMarket());
  return (
    <div className="card overflow-hidden">
      <Sheet caption="Bots" columns={columns} rows={bots} keyOf={({ id }) => id} />
    </div>
  );
}
