import { Ban, Info, Layers } from 'lucide-react';
import { useState } from 'react';
import { useMay, usePages } from '../api/lists.js';
import { shown } from '../domain/decimal.js';
import { legText, planKindWords, planTerms } from '../domain/plan-words.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { OrderPlan } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { ModeMark, SideMark } from '../ui/marks.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { CancelPlan, PlanMark } from './plan-detail.js';

/** The stream does not tell of them. */
const lookEveryMs = 3_000;
/** In the list; all of them stand in the details. */
const legsShown = 3;

/** Orders that belong together, newest first. */
export function PlanLog({ onLook }: { readonly onLook: (id: string) => void }) {
  const now = useNow();
  const mayTrade = useMay('trader');
  const pages = usePages<OrderPlan>('/v1/order-plans', {}, lookEveryMs);
  const rows = pages.data?.pages.flatMap(({ data }) => data);
  const [canceling, setCanceling] = useState<OrderPlan | null>(null);
  const action: Column<OrderPlan> = {
    label: 'Action',
    whole: true,
    cell: (plan) => {
      const what = `the ${planKindWords[plan.kind]} plan of ${plan.quantity} ${plan.symbol}`;
      return (
        <span className="flex gap-2">
          <button
            type="button"
            className="button small"
            aria-label={`Details of ${what}`}
            onClick={() => onLook(plan.id)}
          >
            <Info aria-hidden="true" className="size-3.5" /> Details
          </button>
          {plan.final || !mayTrade ? null : (
            <button
              type="button"
              className="button small"
              aria-label={`Cancel ${what}`}
              onClick={() => setCanceling(plan)}
            >
              <Ban aria-hidden="true" className="size-3.5" /> Cancel
            </button>
          )}
        </span>
      );
    },
  };
  return (
    <>
      <LogView
        rows={rows}
        pages={pages}
        empty={
          <Empty icon={<Layers className="size-6" />} title="No plans yet">
            A bracket, an OCO, a TWAP or an iceberg: Place order has them under Type.
          </Empty>
        }
      >
        {(shownRows) => (
          <Sheet caption="Order plans" columns={[...columns(now), action]} rows={shownRows} keyOf={({ id }) => id} />
        )}
      </LogView>
      {canceling === null ? null : <CancelPlan plan={canceling} onClose={() => setCanceling(null)} />}
    </>
  );
}

const columns = (now: number): readonly Column<OrderPlan>[] => [
  {
    label: 'Time',
    cell: ({ createdAt }) => (
      <time dateTime={createdAt} title={exactTime(createdAt)} className="num whitespace-nowrap">
        {timeOf(createdAt, now)}
      </time>
    ),
  },
  {
    label: 'Market',
    cell: ({ symbol, mode }) => (
      <span className="inline-flex items-center gap-2 whitespace-nowrap">
        {symbol} <ModeMark mode={mode} />
      </span>
    ),
  },
  {
    label: 'Plan',
    whole: true,
    cell: (plan) => (
      <span className="block max-w-72 min-w-44">
        <span className="flex flex-wrap items-center gap-x-2">
          <SideMark side={plan.side} /> {shown(plan.quantity)}
          <span className="text-quiet">{planKindWords[plan.kind]}</span>
        </span>
        <span className="block text-xs break-words text-quiet">{planTerms(plan)}</span>
      </span>
    ),
  },
  { label: 'Orders', whole: true, cell: (plan) => <Legs orders={plan.orders} /> },
  {
    label: 'Status',
    cell: ({ status, reason }) => (
      <div className="flex flex-col items-start">
        <PlanMark status={status} />
        {reason === null ? null : (
          <span className="max-w-72 text-xs text-quiet">
            {reason.text} <code>{reason.code}</code>
          </span>
        )}
      </div>
    ),
  },
];

function Legs({ orders }: Pick<OrderPlan, 'orders'>) {
  if (orders.length === 0) return <span className="text-quiet">none yet</span>;
  const more = orders.length - legsShown;
  return (
    <ul className="flex flex-col text-xs">
      {orders.slice(-legsShown).map((order) => (
        <li key={order.clientOrderId}>{legText(order)}</li>
      ))}
      {more > 0 ? <li className="text-quiet">{`and ${more} before`}</li> : null}
    </ul>
  );
}
