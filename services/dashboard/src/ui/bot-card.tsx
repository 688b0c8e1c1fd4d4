import { Link } from '@tanstack/react-router';
import { placesFor, shown, signOf } from '../domain/decimal.js';
import type { Bot } from '../domain/rows.js';
import { age, exactTime } from '../domain/time.js';
import { counted } from '../domain/words.js';
import { BotVerbs } from './bot-verbs.js';
import { useNow } from './clock.js';
import { Gain, ModeMark, StateMark } from './marks.js';
import { Fence } from './section.js';

const edges: Partial<Record<Bot['observed'], string>> = {
  running: 'before:bg-up',
  error: 'before:bg-down',
  paused: 'before:bg-warn',
};

/** One bot. Its own fence: a bot that cannot be shown does not hide the others. */
export function BotCard({ bot }: { readonly bot: Bot }) {
  return (
    <article
      aria-label={bot.name}
      className={`card relative flex flex-col gap-3 overflow-hidden p-4 pl-5 before:absolute before:inset-y-0 before:left-0 before:w-1 ${edges[bot.observed] ?? 'before:bg-line'}`}
    >
      <Fence>
        <Head bot={bot} />
        <Gain amount={bot.pnl} currency={bot.currency} className="text-2xl font-bold tracking-tight" />
        <Facts bot={bot} />
        <Reason bot={bot} />
        <div className="mt-auto pt-1">
          <BotVerbs bot={bot} />
        </div>
      </Fence>
    </article>
  );
}

function Head({ bot }: { readonly bot: Bot }) {
  return (
    <div className="flex items-start justify-between gap-3">
      <div className="min-w-0">
        <Link to="/bots/$botId" params={{ botId: bot.id }} className="block truncate font-semibold hover:text-accent">
          {bot.name}
        </Link>
        <p className="truncate text-sm text-quiet">
          {bot.symbol} · {bot.venue}
        </p>
      </div>
      <div className="flex flex-none flex-col items-end gap-1">
        <ModeMark mode={bot.mode} />
        <StateMark state={bot.observed} />
      </div>
    </div>
  );
}

function Facts({ bot }: { readonly bot: Bot }) {
  const [base = ''] = bot.symbol.split('-');
  const facts = [
    ['Trades', `${counted(bot.cycles, 'cycle')} · ${counted(bot.fills, 'fill')}`],
    ['Fees', `${shown(bot.fees, placesFor(bot.fees))} ${bot.currency}`],
    ['Holds', signOf(bot.held) === 0 ? 'nothing' : `${shown(bot.held)} ${base}`],
  ] as const;
  return (
    <dl className="flex flex-col gap-1 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="flex justify-between gap-3">
          <dt className="text-quiet">{label}</dt>
          <dd className="num live truncate text-right">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Why it is in this state and since when; and what was asked, where that is something else. */
export function Reason({ bot }: { readonly bot: Bot }) {
  const now = useNow();
  const settled = ['running', 'paused', 'stopped', 'error'].includes(bot.observed);
  const differs = settled && bot.desired !== bot.observed;
  return (
    <p className={`text-sm break-words ${bot.observed === 'error' ? 'text-down' : 'text-quiet'}`}>
      {differs ? `You asked for ${bot.desired}. ` : ''}
      {bot.reason.text}{' '}
      <span className="num whitespace-nowrap" title={`since ${exactTime(bot.since)}`}>
        · {age(now - Date.parse(bot.since))}
      </span>
      {bot.observed === 'error' ? <code className="ml-1 text-xs">{bot.reason.code}</code> : null}
    </p>
  );
}
