import { Link } from '@tanstack/react-router';
import { Ban, Info, ListOrdered } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useInstrumentOf } from '../api/instruments.js';
import { useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { compare, shown, signOf } from '../domain/decimal.js';
import { orderNote } from '../domain/order-note.js';
import { averagePlaces, type PricePlaces, pricePlaces } from '../domain/price-places.js';
import type { Fill, Order } from '../domain/rows.js';
import { exactTime, timeOf } from '../domain/time.js';
import { triggerText } from '../domain/trigger-text.js';
import { useLog } from '../live/use-log.js';
import { useBotNames } from '../live/use-names.js';
import { useNow } from '../ui/clock.js';
import { Empty } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { ModeMark, OrderMark, SideMark } from '../ui/marks.js';
import { type Column, Sheet } from '../ui/sheet.js';
import { toastDone, toastRefused } from '../ui/toast.js';
import { OrderDetail } from './order-detail.js';

type Names = ReadonlyMap<string, string>;

const orderRules = {
  channel: 'orders',
  path: '/v1/orders',
  keyOf: (order: Order) => order.clientOrderId,
  timeOf: (order: Order) => order.createdAt,
  isNewer: (order: Order, known: Order) => order.version >= known.version,
};
const fillRules = {
  channel: 'fills',
  path: '/v1/fills',
  keyOf: (fill: Fill) => `${fill.account}/${fill.symbol}/${fill.tradeId}/${fill.clientOrderId}`,
  timeOf: (fill: Fill) => fill.occurredAt,
  isNewer: () => true,
};

const ownerOf = (bot: string | null, names: Names) =>
  bot === null ? (
    'by hand'
  ) : (
    <Link to="/bots/$botId" params={{ botId: bot }} className="font-medium whitespace-nowrap hover:text-accent">
      {names.get(bot) ?? bot}
    </Link>
  );

interface OrderLogProps {
  readonly bot: string | undefined;
  readonly status: 'open' | 'final' | undefined;
}

/** Orders, newest first; those that are open can be cancelled. */
export function OrderLog({ bot, status }: OrderLogProps) {
  const now = useNow();
  const names = useBotNames();
  const { rows, pages } = useLog<Order>({
    ...orderRules,
    filter: { bot, status },
    streamed: status === 'open',
    fits: (order) =>
      (bot === undefined || order.bot === bot) && (status === undefined || order.final === (status === 'final')),
  });
  const instrumentOf = useInstrumentOf();
  const columns = useMemo(
    () => orderColumns(names, bot !== undefined, pricePlaces(rows ?? [], instrumentOf)),
    [names, bot, rows, instrumentOf],
  );
  const [looking, setLooking] = useState<Order | null>(null);
  const terms: Column<Order> = {
    label: 'Terms',
    cell: (order) => <span className="text-quiet">{triggerText(order, (iso) => timeOf(iso, now))}</span>,
  };
  const timed: readonly Column<Order>[] = [
    {
      label: 'Time',
      cell: ({ createdAt }) => (
        <time title={exactTime(createdAt)} className="num whitespace-nowrap">
          {timeOf(createdAt, now)}
        </time>
      ),
    },
    ...columns,
    ...(rows?.some(hasTerms) ? [terms] : []),
    {
      label: 'Action',
      whole: true,
      cell: (order) => (
        <span className="flex gap-2">
          <DetailButton order={order} onLook={setLooking} />
          {order.final ? null : <CancelButton order={order} />}
        </span>
      ),
    },
  ];
  return (
    <LogView rows={rows} pages={pages} empty={<NoOrders status={status} />}>
      {(shownRows) => (
        <>
          <Sheet caption="Orders" columns={timed} rows={shownRows} keyOf={({ clientOrderId }) => clientOrderId} />
          {looking === null ? null : <OrderDetail order={looking} onClose={() => setLooking(null)} />}
        </>
      )}
    </LogView>
  );
}

const hasTerms = ({ trigger, expiresAt, displayQuantity }: Order): boolean =>
  Boolean(trigger ?? expiresAt ?? displayQuantity);

interface DetailButtonProps {
  readonly order: Order;
  readonly onLook: (order: Order) => void;
}

function DetailButton({ order, onLook }: DetailButtonProps) {
  return (
    <button
      type="button"
      className="button small"
      aria-label={`Details of the ${order.side} order of ${order.quantity} ${order.symbol}`}
      onClick={() => onLook(order)}
    >
      <Info aria-hidden="true" className="size-3.5" /> Details
    </button>
  );
}

function NoOrders({ status }: { readonly status: OrderLogProps['status'] }) {
  return (
    <Empty icon={<ListOrdered className="size-6" />} title={status === 'open' ? 'No order is open' : 'No orders yet'}>
      Bots that run place orders by themselves; each is here from the moment it is asked for.
    </Empty>
  );
}

const marketColumn: Column<Order | Fill> = {
  label: 'Market',
  cell: ({ symbol, mode }) => (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      {symbol} <ModeMark mode={mode} />
    </span>
  ),
};

/** Of one bot, its name and its market stand above the list already. */
const orderColumns = (names: Names, ofOneBot: boolean, places: PricePlaces): readonly Column<Order>[] => [
  ...(ofOneBot ? [] : [{ label: 'Bot', cell: ({ bot }: Order) => ownerOf(bot, names) }, marketColumn]),
  {
    label: 'Side',
    cell: (order) => (
      <span className="inline-flex gap-2 whitespace-nowrap">
        <SideMark side={order.side} />
        <span className="text-quiet">
          {order.type} to {order.purpose}
        </span>
      </span>
    ),
  },
  { label: 'Quantity', figure: true, cell: (order) => <Filled order={order} /> },
  { label: 'Price', figure: true, cell: (order) => <OrderPrice order={order} places={places(order)} /> },
  { label: 'Status', cell: (order) => <Status order={order} /> },
];

/** What was asked for, and how much of it was traded where that is only a part. */
function Filled({ order: { quantity, filledQuantity } }: { readonly order: Order }) {
  const partly = signOf(filledQuantity) !== 0 && compare(filledQuantity, quantity) !== 0;
  return (
    <span className="whitespace-nowrap">
      {shown(quantity)}
      {partly ? <span className="block text-xs text-quiet">{shown(filledQuantity)} filled</span> : null}
    </span>
  );
}

/** What was asked for, and what it came to where that is something else. */
function OrderPrice({ order: { price, averagePrice }, places }: { readonly order: Order; readonly places: number }) {
  const differs = averagePrice !== null && (price === null || compare(averagePrice, price) !== 0);
  return (
    <span className="whitespace-nowrap">
      {price === null ? 'market' : shown(price, places)}
      {differs ? (
        <span className="block text-xs text-quiet">at {shown(averagePrice, averagePlaces(averagePrice, places))}</span>
      ) : null}
    </span>
  );
}

/** How it stands, and, where it was refused, why and what would be accepted. */
function Status({ order }: { readonly order: Order }) {
  const { denial } = order;
  const note = orderNote(order);
  return (
    <div className="flex flex-col items-start">
      <OrderMark status={order.status} />
      {denial === null ? (
        note === '' ? null : (
          <span className="text-xs text-quiet">{note}</span>
        )
      ) : (
        <span className="max-w-md text-xs text-quiet">
          {denial.text} {denial.next} <code>{denial.code}</code>
        </span>
      )}
    </div>
  );
}

function CancelButton({ order }: { readonly order: Order }) {
  const [busy, setBusy] = useState(false);
  const mayTrade = useMay('trader');
  const cancel = async () => {
    setBusy(true);
    try {
      await command('DELETE', `/v1/orders/${order.clientOrderId}`);
      toastDone('The cancel is on its way', `${order.side} ${shown(order.quantity)} ${order.symbol}`);
    } catch (error) {
      toastRefused(error);
      setBusy(false);
    }
  };
  if (!mayTrade) return null;
  return (
    <button
      type="button"
      className="button small"
      disabled={busy}
      aria-label={`Cancel ${order.side} order of ${order.quantity} ${order.symbol}`}
      onClick={() => void cancel()}
    >
      <Ban aria-hidden="true" className="size-3.5" /> Cancel
    </button>
  );
}

/** Fills, newest first. */
export function FillLog({ bot }: { readonly bot: string | undefined }) {
  const now = useNow();
  const names = useBotNames();
  const { rows, pages } = useLog<Fill>({
    ...fillRules,
    filter: { bot },
    fits: (fill) => bot === undefined || fill.bot === bot,
  });
  const places = pricePlaces(rows ?? [], useInstrumentOf());
  const columns: readonly Column<Fill>[] = [
    {
      label: 'Time',
      cell: ({ occurredAt }) => (
        <time title={exactTime(occurredAt)} className="num whitespace-nowrap">
          {timeOf(occurredAt, now)}
        </time>
      ),
    },
    ...(bot === undefined ? [{ label: 'Bot', cell: (fill: Fill) => ownerOf(fill.bot, names) }, marketColumn] : []),
    { label: 'Side', cell: ({ side }) => <SideMark side={side} /> },
    { label: 'Quantity', figure: true, cell: ({ quantity }) => shown(quantity) },
    { label: 'Price', figure: true, cell: (fill) => shown(fill.price, places(fill)) },
    { label: 'Fee', figure: true, cell: ({ fee }) => `${shown(fee.amount)} ${fee.currency}` },
    { label: 'Liquidity', cell: ({ liquidity }) => liquidity },
  ];
  return (
    <LogView
      rows={rows}
      pages={pages}
      empty={
        <Empty icon={<ListOrdered className="size-6" />} title="No fills yet">
          When an order trades, each part of it is here with its price and its fee.
        </Empty>
      }
    >
      {(shownRows) => <Sheet caption="Fills" columns={columns} rows={shownRows} keyOf={fillRules.keyOf} />}
    </LogView>
  );
}
