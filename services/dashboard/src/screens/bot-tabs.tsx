import { type ReactNode, useId, useState } from 'react';
import { useInstrumentOf } from '../api/instruments.js';
import { useStrategies } from '../api/lists.js';
import { placesOf, shown } from '../domain/decimal.js';
import { parameterLines } from '../domain/parameter-lines.js';
import { averagePlaces } from '../domain/price-places.js';
import type { Bot, Cycle } from '../domain/rows.js';
import { age, ago, exactTime, timeOf } from '../domain/time.js';
import { counted } from '../domain/words.js';
import { useCycles } from '../live/use-cycles.js';
import { useNow } from '../ui/clock.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { Gain } from '../ui/marks.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { ActivityLog } from './activity-log.js';
import { FillLog, OrderLog } from './trading-logs.js';

const tabs = ['Orders', 'Fills', 'Cycles', 'Activity', 'Parameters'] as const;
type Tab = (typeof tabs)[number];

/** Everything that belongs to one bot, one list at a time. */
export function BotTabs({ bot }: { readonly bot: Bot }) {
  const [tab, setTab] = useState<Tab>('Orders');
  const id = useId();
  const contents: Readonly<Record<Tab, () => ReactNode>> = {
    Orders: () => <OrderLog bot={bot.id} status={undefined} />,
    Fills: () => <FillLog bot={bot.id} />,
    Cycles: () => <CycleLog bot={bot} />,
    Activity: () => <ActivityLog bot={bot.id} level={undefined} />,
    Parameters: () => <ParameterList bot={bot} />,
  };
  const move = (step: number) => {
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length] ?? tab;
    setTab(next);
    document.getElementById(`${id}-${next}`)?.focus();
  };
  return (
    <section className="card min-w-0 overflow-hidden" aria-label={`What ${bot.name} did`}>
      <div role="tablist" aria-label="Lists" className="flex overflow-x-auto border-b border-line px-2">
        {tabs.map((name) => (
          <button
            key={name}
            id={`${id}-${name}`}
            type="button"
            role="tab"
            aria-selected={tab === name}
            aria-controls={`${id}-panel`}
            tabIndex={tab === name ? 0 : -1}
            className="-mb-px min-h-11 border-b-2 border-transparent px-3.5 text-sm font-semibold text-quiet -outline-offset-2 aria-selected:border-accent aria-selected:text-ink"
            onClick={() => setTab(name)}
            onKeyDown={(event) => {
              if (event.key === 'ArrowRight') move(1);
              if (event.key === 'ArrowLeft') move(-1);
            }}
          >
            {name}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`}>
        {contents[tab]()}
      </div>
    </section>
  );
}

const cycleColumns = (now: number, places: number): readonly Column<Cycle>[] => [
  {
    label: 'Completed',
    cell: ({ completedAt }) => (
      <time title={exactTime(completedAt)} className="num whitespace-nowrap">
        {timeOf(completedAt, now)}
      </time>
    ),
  },
  { label: 'Number', figure: true, cell: ({ number }) => number },
  { label: 'Quantity', figure: true, cell: ({ quantity }) => shown(quantity) },
  { label: 'Bought at', figure: true, cell: ({ buyPrice }) => shown(buyPrice, places) },
  { label: 'Sold at', figure: true, cell: ({ sellPrice }) => shown(sellPrice, places) },
  { label: 'Fees', figure: true, cell: ({ fees }) => shown(fees, 6) },
  { label: 'Net', figure: true, cell: ({ net, currency }) => <Gain amount={net} currency={currency} /> },
  { label: 'Closed by', cell: ({ exit }) => (exit ?? 'target').replaceAll('-', ' ') },
];

function CycleLog({ bot }: { readonly bot: Bot }) {
  const now = useNow();
  const { rows, pages, readAt } = useCycles(bot);
  const step = placesOf(useInstrumentOf()(bot)?.tickSize);
  const averages = (rows ?? []).flatMap(({ buyPrice, sellPrice }) => [buyPrice, sellPrice]);
  const columns = cycleColumns(now, Math.max(step, ...averages.map((price) => averagePlaces(price, step))));
  return (
    <>
      {rows === undefined || rows.length === 0 ? null : (
        <p className="border-b border-line px-4 py-2 text-xs text-quiet">
          {counted(bot.cycles, 'cycle')} in all · newest {ago(rows[0]?.completedAt ?? null, now)} · list read{' '}
          <span className="num">{age(now - readAt)}</span> ago, renewed when one more is completed
        </p>
      )}
      <LogView
        rows={rows}
        pages={pages}
        empty={
          <Empty title="No cycle is completed yet">
            A cycle is a buy and a sell that belong together, with what they earned.
          </Empty>
        }
      >
        {(shownRows) => (
          <Sheet
            caption={`Cycles of ${bot.name}`}
            columns={columns}
            rows={shownRows}
            keyOf={({ number }) => String(number)}
          />
        )}
      </LogView>
    </>
  );
}

function ParameterList({ bot }: { readonly bot: Bot }) {
  const strategy = useStrategies().data?.data.find(({ id }) => id === bot.strategy);
  return (
    <dl className="grid gap-x-8 gap-y-2 p-4 text-sm sm:grid-cols-2 xl:grid-cols-3">
      {parameterLines(strategy?.schema, bot.parameters).map(({ label, text }) => (
        <div key={label} className="flex justify-between gap-4 border-b border-line pb-2">
          <dt className="text-quiet">{label}</dt>
          <dd className="num text-right font-medium break-words">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
