import { Link } from '@tanstack/react-router';
import { Bot as BotIcon, ScrollText } from 'lucide-react';
import { useMemo } from 'react';
import type { Activity, Bot, Holdings, Order, PriceRow } from '../domain/rows.js';
import { type ModeTotals, totalsByMode } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows, WaitingCard } from '../live/live-rows.js';
import { useCardMarket } from '../live/use-card-market.js';
import { useBotNames } from '../live/use-names.js';
import { ActivityList } from '../ui/activity-list.js';
import { BotCard } from '../ui/bot-card.js';
import { Empty } from '../ui/data-state.js';
import { NewBotLink } from '../ui/new-bot-link.js';
import { Page, Section } from '../ui/section.js';
import { Markets } from './markets.js';
import { ModePanel } from './mode-panel.js';

const botsShown = 8;
const activityShown = 12;

/** Am I safe, what did I earn, what runs, what just happened: in this order. */
export function Overview() {
  const bots = useChannel<Bot>('bots');
  const totals = useTotals(bots);
  return (
    <Page title="Overview" actions={<NewBotLink />}>
      <LiveRows rows={totals} empty={null} waiting={null} skeleton={<div className="skeleton h-36" />}>
        {(rows) => (
          <div className="flex flex-col gap-4">
            {rows.map((row) => (
              <ModePanel key={row.mode} totals={row} />
            ))}
          </div>
        )}
      </LiveRows>
      <Markets bots={bots} />
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(22rem,1fr)]">
        <BotsSection bots={bots} />
        <ActivitySection />
      </div>
    </Page>
  );
}

function useTotals(bots: readonly Bot[] | undefined): readonly ModeTotals[] | undefined {
  const orders = useChannel<Order>('orders');
  const accounts = useChannel<Holdings>('accounts');
  const prices = useChannel<PriceRow>('prices');
  return useMemo(() => bots && totalsByMode({ bots, orders, accounts, prices }), [bots, orders, accounts, prices]);
}

/** Trouble first, then what runs, then the rest. */
const rank: Readonly<Record<Bot['observed'], number>> = {
  error: 0,
  flattening: 1,
  stopping: 1,
  starting: 2,
  pausing: 2,
  running: 3,
  paused: 4,
  stopped: 5,
};

function BotsSection({ bots }: { readonly bots: readonly Bot[] | undefined }) {
  const sorted = bots?.toSorted(
    (left, right) => rank[left.observed] - rank[right.observed] || left.name.localeCompare(right.name),
  );
  const marketOf = useCardMarket(sorted?.slice(0, botsShown));
  return (
    <section aria-labelledby="overview-bots" className="min-w-0">
      <div className="mb-3 flex items-baseline justify-between">
        <h2 id="overview-bots" className="font-semibold">
          Bots <span className="text-sm font-normal text-quiet">{bots?.length ?? ''}</span>
        </h2>
        {bots !== undefined && bots.length > botsShown ? (
          <Link to="/bots" className="link text-sm">
            All {bots.length} bots
          </Link>
        ) : null}
      </div>
      <LiveRows
        rows={sorted}
        waiting={<WaitingCard />}
        skeleton={<div className="skeleton h-60" />}
        empty={
          <div className="card">
            <NoBots />
          </div>
        }
      >
        {(rows) => (
          <div className="grid gap-4 sm:grid-cols-2 2xl:grid-cols-3">
            {rows.slice(0, botsShown).map((bot) => (
              <BotCard key={bot.id} bot={bot} market={marketOf(bot)} />
            ))}
          </div>
        )}
      </LiveRows>
    </section>
  );
}

export function NoBots() {
  return (
    <Empty
      icon={<BotIcon className="size-6" />}
      title="No bot yet"
      action={<NewBotLink label="Create the first bot" />}
    >
      A bot buys and sells one market by a strategy’s rules. Choose a strategy, a market and a size; nothing is traded
      before you press Start.
    </Empty>
  );
}

function ActivitySection() {
  const names = useBotNames();
  const activity = useChannel<Activity>('activity');
  const newest = activity?.toSorted((left, right) => (left.at < right.at ? 1 : -1)).slice(0, activityShown);
  return (
    <Section
      title="Activity"
      actions={
        <Link to="/activity" className="link text-sm">
          All
        </Link>
      }
    >
      <LiveRows
        rows={newest}
        empty={
          <Empty icon={<ScrollText className="size-6" />} title="Nothing has happened yet">
            What bots, orders and the risk gate do is told here as it happens.
          </Empty>
        }
      >
        {(rows) => <ActivityList rows={rows} names={names} />}
      </LiveRows>
    </Section>
  );
}
