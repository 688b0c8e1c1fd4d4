import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Copy, Pencil, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useBot, useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { mayDelete } from '../domain/bot-actions.js';
import { placesFor, shown } from '../domain/decimal.js';
import { asProblem } from '../domain/problem.js';
import type { Bot } from '../domain/rows.js';
import { timeOf } from '../domain/time.js';
import { useChannel } from '../live/live-provider.js';
import { Reason } from '../ui/bot-card.js';
import { BotVerbs } from '../ui/bot-verbs.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Held } from '../ui/held.js';
import { Gain, ModeMark, StateMark } from '../ui/marks.js';
import { Page } from '../ui/section.js';
import { toastDone } from '../ui/toast.js';
import { BotChart } from './bot-chart.js';
import { BotTabs } from './bot-tabs.js';

/** One bot: what it is, what it earned, what it does now, and everything that it ever did. */
export function BotScreen() {
  const { botId } = useParams({ from: '/bots/$botId' });
  const live = useChannel<Bot>('bots');
  const fetched = useBot(botId);
  const bot = live?.find(({ id }) => id === botId) ?? (live === undefined ? fetched.data : undefined);
  if (bot !== undefined) return <BotPage key={bot.id} bot={bot} />;
  if (fetched.isError) {
    return (
      <Page title="Bot">
        <div className="card">
          {asProblem(fetched.error).status === 404 ? (
            <NoSuchBot />
          ) : (
            <ProblemPanel error={fetched.error} onRetry={() => void fetched.refetch()} />
          )}
        </div>
      </Page>
    );
  }
  return (
    <Page title="Bot">
      <div className="card">{live === undefined || fetched.isPending ? <Skeleton rows={6} /> : <NoSuchBot />}</div>
    </Page>
  );
}

function NoSuchBot() {
  return (
    <Empty
      title="There is no such bot"
      action={
        <Link to="/bots" className="button primary">
          To the bots
        </Link>
      }
    >
      It may have been deleted, or it is not yours. What it did stays in the activity log.
    </Empty>
  );
}

function BotPage({ bot }: { readonly bot: Bot }) {
  return (
    <Page
      title={bot.name}
      lead={
        <span className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1">
          <ModeMark mode={bot.mode} /> <StateMark state={bot.observed} />
          <span>
            {bot.symbol} · {bot.venue} · {bot.strategy}
          </span>
        </span>
      }
      actions={
        <>
          <BotVerbs bot={bot} />
          <MoreActions bot={bot} />
        </>
      }
    >
      <Reason bot={bot} />
      <Figures bot={bot} />
      <BotChart bot={bot} />
      <BotTabs bot={bot} />
    </Page>
  );
}

function Figures({ bot }: { readonly bot: Bot }) {
  const now = useNow();
  const [base = ''] = bot.symbol.split('-');
  const figures = [
    ['Fees', `${shown(bot.fees, placesFor(bot.fees))} ${bot.currency}`],
    ['Cycles', String(bot.cycles)],
    ['Fills', String(bot.fills)],
    ['Holds', <Held key="held" bot={bot} unit={base} />],
    ['Created', timeOf(bot.createdAt, now)],
  ] as const;
  return (
    <dl className="card grid grid-cols-2 gap-px overflow-hidden bg-line sm:grid-cols-3 xl:grid-cols-[1.3fr_1.1fr_0.7fr_0.7fr_1.3fr_1fr]">
      <div className="bg-panel px-4 py-3">
        <dt className="text-sm text-quiet">Net result</dt>
        <dd className="text-base font-bold tracking-tight 2xl:text-lg">
          <Gain amount={bot.pnl} currency={bot.currency} />
        </dd>
      </div>
      {figures.map(([label, value]) => (
        <div key={label} className="bg-panel px-4 py-3">
          <dt className="text-sm text-quiet">{label}</dt>
          <dd className="num live text-base font-semibold tracking-tight 2xl:text-lg">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function MoreActions({ bot }: { readonly bot: Bot }) {
  const [deleting, setDeleting] = useState(false);
  const navigate = useNavigate();
  if (!useMay('trader')) return null;
  return (
    <div className="flex flex-wrap gap-2">
      <Link to="/bots/$botId/edit" params={{ botId: bot.id }} className="button small">
        <Pencil aria-hidden="true" className="size-4" /> Edit
      </Link>
      <Link to="/bots/new" search={{ from: bot.id }} className="button small">
        <Copy aria-hidden="true" className="size-4" /> Copy
      </Link>
      {mayDelete(bot) ? (
        <button type="button" className="button small warned" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden="true" className="size-4" /> Delete
        </button>
      ) : null}
      {deleting ? (
        <Confirm
          title={`Delete ${bot.name}?`}
          confirm={`Delete ${bot.name}`}
          danger
          onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await command('DELETE', `/v1/bots/${bot.id}`);
            toastDone(`${bot.name} is deleted`);
            await navigate({ to: '/bots' });
          }}
        >
          The bot goes for good. Its orders, fills and its lines in the activity log stay.
        </Confirm>
      ) : null}
    </div>
  );
}
