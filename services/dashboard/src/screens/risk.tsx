import { Link } from '@tanstack/react-router';
import { OctagonX, SearchCheck, ShieldCheck, Unlock } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/lists.js';
import { denialFigures } from '../domain/denial-figures.js';
import { haltedWords, haltReach, reducingWords } from '../domain/halt.js';
import type { Bot, Order, TradingStateRow } from '../domain/rows.js';
import { ago, exactTime, timeOf } from '../domain/time.js';
import { useChannel } from '../live/live-provider.js';
import { LiveRows } from '../live/live-rows.js';
import { useTradable } from '../live/use-dust.js';
import { useBotNames } from '../live/use-names.js';
import { FlatProofDialog } from '../shell/flat-proof.js';
import { HaltDialog } from '../shell/halt-dialog.js';
import { ReleaseDialog, useHalt } from '../shell/release.js';
import { useNow } from '../ui/clock.js';
import { Empty } from '../ui/data-state.js';
import { ModeMark } from '../ui/marks.js';
import { Page, Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { Differences } from './differences.js';
import { HeldBack } from './held-back.js';
import { Limits } from './limits.js';

/** May orders leave, what is out there, and whether the books agree with the venues. */
export function Risk() {
  const state = useChannel<TradingStateRow>('state');
  return (
    <Page title="Risk">
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title="Trading">
            <LiveRows rows={state} empty={null}>
              {([row]) => (row === undefined ? null : <Trading row={row} />)}
            </LiveRows>
          </Section>
          <HeldBack />
          <Limits />
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Section title="At stake now">
            <OutThere />
          </Section>
          <Denials />
          <Differences />
        </div>
      </div>
    </Page>
  );
}

const tradingWords = {
  active: { title: 'Active', effect: 'Orders leave when the risk gate approves them.' },
  reducing: { title: 'Only reducing', effect: reducingWords },
  halted: { title: 'Halted', effect: haltedWords },
} as const;

function Trading({ row }: { readonly row: TradingStateRow }) {
  const now = useNow();
  const halt = useHalt();
  const mayHalt = useMay('brake');
  const [dialog, setDialog] = useState<'halt' | 'release' | 'proof' | null>(null);
  const held = row.state !== 'active';
  const Icon = held ? OctagonX : ShieldCheck;
  const scope = halt?.scope ?? null;
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex items-start gap-3">
        <Icon aria-hidden="true" className={`size-8 flex-none ${held ? 'text-down' : 'text-up'}`} />
        <div>
          <p className="text-lg font-semibold">
            {tradingWords[row.state].title}
            {held && scope === 'platform' ? ', the whole platform' : ''}
          </p>
          <p className="text-sm text-quiet">{tradingWords[row.state].effect}</p>
          {row.since === null ? null : (
            <p className="mt-1 text-sm text-quiet">
              {row.text === '' ? '' : `“${row.text}” · `}
              {ago(row.since, now)}
            </p>
          )}
        </div>
      </div>
      <div className="flex flex-wrap gap-2">
        {mayHalt ? (
          <button type="button" className="button danger" onClick={() => setDialog('halt')}>
            <OctagonX aria-hidden="true" className="size-4" /> {row.state === 'halted' ? 'Go further' : 'Halt'}
          </button>
        ) : null}
        {halt?.mayRelease && scope !== null ? (
          <button type="button" className="button" onClick={() => setDialog('release')}>
            <Unlock aria-hidden="true" className="size-4" /> Release
          </button>
        ) : null}
        {held ? (
          <button type="button" className="button" onClick={() => setDialog('proof')}>
            <SearchCheck aria-hidden="true" className="size-4" /> Is it flat?
          </button>
        ) : null}
      </div>
      {dialog === 'proof' ? <FlatProofDialog scope={scope ?? 'mine'} onClose={() => setDialog(null)} /> : null}
      {dialog === 'halt' ? <HaltDialog onClose={() => setDialog(null)} /> : null}
      {dialog === 'release' && scope !== null ? <ReleaseDialog scope={scope} onClose={() => setDialog(null)} /> : null}
    </div>
  );
}

function OutThere() {
  const mayHaltAll = useMay('risk');
  const bots = useChannel<Bot>('bots');
  const orders = useChannel<Order>('orders');
  const accounts = useTradable();
  const reach = bots && orders && accounts && haltReach({ bots, orders, accounts });
  return (
    <LiveRows
      rows={reach}
      empty={
        <Empty title="Nothing of yours">
          No bot of yours is active, no order of yours is open, and you hold nothing that can be traded.
          {mayHaltAll ? ' What everybody else has at stake is not counted here.' : ''}
        </Empty>
      }
    >
      {(rows) => (
        <ul className="flex flex-col divide-y divide-line">
          {rows.map(({ mode, bots: active, openOrders, positions }) => (
            <li key={mode} className="grid grid-cols-4 items-center gap-2 p-4">
              <span>
                <ModeMark mode={mode} />
              </span>
              <Count amount={active} one="active bot" />
              <Count amount={openOrders} one="open order" />
              <Count amount={positions} one="position" />
            </li>
          ))}
        </ul>
      )}
    </LiveRows>
  );
}

const Count = ({ amount, one }: { readonly amount: number | null; readonly one: string }) => (
  <span className="text-sm text-quiet">
    <span className="num live block text-xl font-bold text-ink">{amount ?? '–'}</span>
    {amount === 1 ? one : `${one}s`}
  </span>
);

const denialsShown = 20;

const denialColumns = (names: ReadonlyMap<string, string>, now: number): readonly Column<Order>[] => [
  {
    label: 'Time',
    cell: ({ createdAt }) => (
      <time dateTime={createdAt} title={exactTime(createdAt)} className="num whitespace-nowrap">
        {timeOf(createdAt, now)}
      </time>
    ),
  },
  {
    label: 'Bot',
    cell: ({ bot }) =>
      bot === null ? (
        'by hand'
      ) : (
        <Link to="/bots/$botId" params={{ botId: bot }} className="font-medium hover:text-accent">
          {names.get(bot) ?? bot}
        </Link>
      ),
  },
  { label: 'Market', cell: ({ symbol }) => <span className="whitespace-nowrap">{symbol}</span> },
  {
    label: 'Why',
    whole: true,
    cell: ({ denial }) => (
      <>
        {denial?.text} <code className="text-xs text-quiet">{denial?.code}</code>
      </>
    ),
  },
  { label: 'Limit', figure: true, cell: ({ denial }) => denialFigures(denial).limit },
  { label: 'Value', figure: true, cell: ({ denial }) => denialFigures(denial).value },
];

/** What the gate refused lately: the limit, and what would have broken it. */
function Denials() {
  const now = useNow();
  const names = useBotNames();
  const orders = useChannel<Order>('orders');
  const denied = orders
    ?.filter(({ denial }) => denial !== null)
    .toSorted((left, right) => (left.createdAt < right.createdAt ? 1 : -1))
    .slice(0, denialsShown);
  return (
    <Section title="Orders that the gate refused" note={denied?.length}>
      <LiveRows
        rows={denied}
        empty={
          <Empty icon={<ShieldCheck className="size-6" />} title="None lately">
            An order beyond a limit is refused before it leaves, and told here.
          </Empty>
        }
      >
        {(rows) => (
          <Sheet
            caption="Refused orders"
            columns={denialColumns(names, now)}
            rows={rows}
            keyOf={({ clientOrderId }) => clientOrderId}
          />
        )}
      </LiveRows>
    </Section>
  );
}
