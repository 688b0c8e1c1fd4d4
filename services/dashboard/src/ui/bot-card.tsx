import { Link } from '@tanstack/react-router';
import { Fragment, type ReactNode } from 'react';
import { useInstrumentOf } from '../api/instruments.js';
import { cardFacts } from '../domain/card-facts.js';
import { placesFor, placesOf, shown } from '../domain/decimal.js';
import type { Bot, Fill, PriceRow } from '../domain/rows.js';
import { age, ago, exactTime } from '../domain/time.js';
import { lastOf } from '../domain/totals.js';
import { counted } from '../domain/words.js';
import type { CardMarket } from '../live/use-card-market.js';
import { usePriceAge } from '../live/use-price-age.js';
import { BotVerbs } from './bot-verbs.js';
import { useNow } from './clock.js';
import { Held } from './held.js';
import { Gain, ModeMark, StateMark } from './marks.js';
import { Fence } from './section.js';

const edges: Partial<Record<Bot['observed'], string>> = {
  running: 'before:bg-up',
  error: 'before:bg-down',
  paused: 'before:bg-warn',
};

interface BotCardProps {
  readonly bot: Bot;
  readonly market: CardMarket;
}

/** One bot. Its own fence: a bot that cannot be shown does not hide the others. */
export function BotCard({ bot, market }: BotCardProps) {
  return (
    <article
      aria-label={bot.name}
      className={`card relative flex flex-col gap-3 overflow-hidden p-4 pl-5 before:absolute before:inset-y-0 before:left-0 before:w-1 ${edges[bot.observed] ?? 'before:bg-line'}`}
    >
      <Fence>
        <Head bot={bot} />
        <div className="flex items-start justify-between gap-x-3">
          <div>
            <p className="text-xs text-quiet">Net result</p>
            <Gain amount={bot.pnl} currency={bot.currency} className="text-xl font-bold tracking-tight" />
            <p className="num live text-xs text-quiet">
              after {shown(bot.fees, placesFor(bot.fees))} {bot.currency} fees
            </p>
          </div>
          <div className="text-right">
            <p className="text-xs text-quiet">Live price</p>
            <p className="text-base font-semibold">
              <LivePrice price={market.price} />
            </p>
          </div>
        </div>
        <Facts bot={bot} market={market} />
        <div className="mt-auto flex flex-wrap items-center justify-between gap-x-4 gap-y-3 pt-1">
          <div className="min-w-0 grow basis-48">
            <Reason bot={bot} />
          </div>
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

function Facts({ bot, market }: BotCardProps) {
  const now = useNow();
  const [base = ''] = bot.symbol.split('-');
  const { quantity, trailing, loop, leverage } = cardFacts(bot);
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Quantity', leverage === null ? quantity : `${quantity} · ${leverage} leverage`],
    ['Holds', <Held key="held" bot={bot} unit={base} />],
    ['Last fill', <LastFill key="fill" bot={bot} fill={market.lastFill} now={now} />],
    [
      'Trades',
      <Fragment key="trades">
        <span className="whitespace-nowrap">{counted(bot.cycles, 'cycle')}</span>{' '}
        <span className="block whitespace-nowrap text-quiet">{counted(bot.fills, 'fill')}</span>
      </Fragment>,
    ],
    ['Trailing', trailing],
    ['Loop', loop],
  ];
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(7rem,1fr))] gap-x-5 gap-y-2 text-sm">
      {facts.map(([label, value]) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-quiet">{label}</dt>
          <dd className="num live font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface LastFillProps {
  readonly bot: Bot;
  readonly fill: Fill | null | undefined;
  readonly now: number;
}

/** What is not in the newest fills that the page holds is only known to be earlier. */
function LastFill({ bot, fill, now }: LastFillProps) {
  const tickSize = useInstrumentOf()(bot)?.tickSize;
  if (bot.fills === 0) return 'none yet';
  if (fill === undefined) return '–';
  if (fill === null) return 'a while ago';
  return (
    <span title={exactTime(fill.occurredAt)}>
      <span className={fill.side === 'buy' ? 'text-up' : 'text-down'}>{fill.side}</span>{' '}
      {shown(fill.price, placesOf(tickSize, fill.price))}
      <span className="block whitespace-nowrap text-quiet">{ago(fill.occurredAt, now)}</span>
    </span>
  );
}

/** What the market of the bot costs now; grey with its age when that is not of now. */
export function LivePrice({ price }: { readonly price: PriceRow | undefined }) {
  const ageOf = usePriceAge();
  const instrumentOf = useInstrumentOf();
  if (price === undefined) return <span className="text-quiet">no price yet</span>;
  const { old, text } = ageOf(price);
  const tickSize = instrumentOf(price)?.tickSize;
  return (
    <span data-old={old} data-testid="live-price" className="num live whitespace-nowrap">
      {shown(lastOf(price), placesOf(tickSize, price.last, price.bid, price.ask))}
      {old ? <span className="block text-xs font-semibold">{text}</span> : null}
    </span>
  );
}

interface ReasonProps {
  readonly bot: Bot;
  /** One line, for a row of a table; all of it is told to whoever points at it. */
  readonly short?: boolean;
}

/** Why it is in this state and since when; and what was asked, where that is something else. */
export function Reason({ bot, short = false }: ReasonProps) {
  const now = useNow();
  const settled = ['running', 'paused', 'stopped', 'error'].includes(bot.observed);
  const differs = settled && bot.desired !== bot.observed;
  const asked = differs ? `You asked for ${bot.desired}. ` : '';
  if (short) {
    const text = `${asked}${bot.reason.text} · ${age(now - Date.parse(bot.since))}`;
    return (
      <p
        title={`${asked}${bot.reason.text} (${bot.reason.code}) since ${exactTime(bot.since)}`}
        className={`truncate text-xs ${bot.observed === 'error' ? 'text-down' : 'text-quiet'}`}
      >
        {text}
      </p>
    );
  }
  return (
    <p className={`text-sm break-words ${bot.observed === 'error' ? 'text-down' : 'text-quiet'}`}>
      {asked}
      {bot.reason.text}{' '}
      <span className="num whitespace-nowrap" title={`since ${exactTime(bot.since)}`}>
        · {age(now - Date.parse(bot.since))}
      </span>
      {bot.observed === 'error' ? <code className="ml-1 text-xs">{bot.reason.code}</code> : null}
    </p>
  );
}
