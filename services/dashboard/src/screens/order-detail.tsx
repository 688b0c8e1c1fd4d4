import { Link } from '@tanstack/react-router';
import { useOrder } from '../api/lists.js';
import { shown, signOf } from '../domain/decimal.js';
import { orderEventWords } from '../domain/order-event-words.js';
import { orderNote } from '../domain/order-note.js';
import type { Order } from '../domain/rows.js';
import { exactTime, timeOf } from '../domain/time.js';
import { triggerWords } from '../domain/trigger-text.js';
import type { OrderDetail as Detail } from '../generated/api.js';
import { useChannel } from '../live/live-provider.js';
import { useBotNames } from '../live/use-names.js';
import { useNow } from '../ui/clock.js';
import { ProblemPanel, Skeleton } from '../ui/data-state.js';
import { ModeMark, OrderMark, SideMark } from '../ui/marks.js';
import { Modal } from '../ui/modal.js';

/** All that is known of an order, and what happened to it. */
export function OrderDetail({ order: listed, onClose }: { readonly order: Order; readonly onClose: () => void }) {
  const live = useChannel<Order>('orders')?.find(({ clientOrderId }) => clientOrderId === listed.clientOrderId);
  const order = live ?? listed;
  const detail = useOrder(order.clientOrderId, order.version);
  return (
    <Modal title="Order" onClose={onClose}>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <SideMark side={order.side} /> <strong>{order.symbol}</strong> <ModeMark mode={order.mode} />
        <OrderMark status={order.status} />
      </p>
      {order.plan ? (
        <p className="mt-3 text-sm">
          Part of an order plan:{' '}
          <Link to="/orders" search={{ show: 'plans', plan: order.plan }} className="link num break-all">
            {order.plan}
          </Link>
        </p>
      ) : null}
      <Facts order={order} />
      <h3 className="mt-5 text-sm font-semibold">What happened</h3>
      {detail.isPending ? <Skeleton rows={3} height="1.5rem" /> : null}
      {detail.isError ? <ProblemPanel error={detail.error} onRetry={() => void detail.refetch()} /> : null}
      {detail.data === undefined ? null : <Events events={detail.data.events} />}
    </Modal>
  );
}

const lives = {
  GTC: 'until it is filled or canceled',
  IOC: 'at once, the rest is canceled',
  FOK: 'all of it at once, or nothing',
  PO: 'only if it rests first (post-only)',
  GTD: 'until its end',
} as const;

function Facts({ order }: { readonly order: Order }) {
  const now = useNow();
  const names = useBotNames();
  const { bot, type, purpose, quantity, filledQuantity, price, averagePrice, expiresAt, displayQuantity } = order;
  const facts: readonly (readonly [string, string | null])[] = [
    ['Of', bot === null ? 'by hand' : (names.get(bot) ?? bot)],
    ['Account', order.account],
    ['Type', `${type}, ${purpose === 'close' ? 'only gives back (reduce only)' : 'to open'}`],
    ['Good', lives[order.timeInForce]],
    ['Quantity', shown(quantity)],
    ['Filled', signOf(filledQuantity) === 0 ? 'nothing' : shown(filledQuantity)],
    ['Price', price === null ? 'market' : shown(price)],
    ['Average price', averagePrice === null ? null : shown(averagePrice)],
    ['Trigger', triggerWords(order)],
    ['Until', expiresAt ? timeOf(expiresAt, now) : null],
    ['Others see', displayQuantity ? `${shown(displayQuantity)} at a time` : null],
    ['Our id', order.clientOrderId],
    ['The venue’s id', order.venueOrderId],
    ['Why', whyOf(order)],
  ];
  return (
    <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-2.5 text-sm">
      {facts.map(([label, text]) =>
        text === null ? null : (
          <div key={label} className={`min-w-0 ${label === 'Why' || label === 'Trigger' ? 'col-span-2' : ''}`}>
            <dt className="text-xs text-quiet">{label}</dt>
            <dd className="num font-medium break-words">{text}</dd>
          </div>
        ),
      )}
    </dl>
  );
}

function whyOf(order: Order): string | null {
  const { denial } = order;
  const told = denial === null ? orderNote(order) : `${denial.text} ${denial.next} (${denial.code})`;
  return told === '' ? null : told;
}

function Events({ events }: { readonly events: Detail['events'] }) {
  const now = useNow();
  if (events.length === 0) return <p className="mt-2 text-sm text-quiet">The risk gate has not answered yet.</p>;
  return (
    <ol aria-label="What happened" className="mt-2 flex flex-col gap-2 text-sm">
      {events.map(({ version, kind, at, reason, price, quantity }) => (
        <li key={version} className="grid grid-cols-[auto_1fr] gap-x-3">
          <time dateTime={at} title={exactTime(at)} className="num text-xs leading-5 text-quiet">
            {timeOf(at, now)}
          </time>
          <span className="min-w-0 break-words">
            {orderEventWords[kind]}
            {kind === 'filled' && quantity !== null ? ` ${shown(quantity)}` : ''}
            {kind === 'filled' && price !== null ? ` at ${shown(price)}` : ''}
            {reason === null ? null : (
              <span className="block text-quiet">
                {reason.text} <code className="text-xs">{reason.code}</code>
              </span>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}
