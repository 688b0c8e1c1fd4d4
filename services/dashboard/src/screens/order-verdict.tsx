import { CircleCheck, CircleX, LoaderCircle } from 'lucide-react';
import { shown } from '../domain/decimal.js';
import { orderNote } from '../domain/order-note.js';
import type { Order } from '../domain/rows.js';
import { useChannel } from '../live/live-provider.js';
import { Modal } from '../ui/modal.js';

interface OrderVerdictProps {
  readonly asked: Order;
  readonly onClose: () => void;
  /** Back to what was typed, which is another order then. */
  readonly onChange: () => void;
}

/** What became of an order that was asked for: it stays until somebody has read it. */
export function OrderVerdict({ asked, onClose, onChange }: OrderVerdictProps) {
  const orders = useChannel<Order>('orders');
  const order = orders?.find(({ clientOrderId }) => clientOrderId === asked.clientOrderId) ?? asked;
  const isRefused = order.status === 'denied' || order.status === 'rejected';
  return (
    <Modal
      title="The order"
      onClose={onClose}
      footer={
        <>
          {isRefused ? (
            <button type="button" className="button" onClick={onChange}>
              Change it
            </button>
          ) : null}
          <button type="button" className="button primary" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      <div role="status" className="flex items-start gap-3 text-sm">
        <Sign order={order} isRefused={isRefused} />
        <div className="min-w-0">
          <p className="font-semibold break-words">
            {`${order.side} ${shown(order.quantity)} ${order.symbol}: ${saidOf(order, isRefused)}`}
          </p>
          <Why order={order} />
          <p className="num mt-1 text-xs break-all text-quiet">{order.clientOrderId}</p>
        </div>
      </div>
    </Modal>
  );
}

function Sign({ order, isRefused }: { readonly order: Order; readonly isRefused: boolean }) {
  if (isRefused) return <CircleX aria-hidden="true" className="mt-0.5 size-5 flex-none text-down" />;
  if (order.status === 'initialized')
    return <LoaderCircle aria-hidden="true" className="mt-0.5 size-5 flex-none animate-spin text-accent" />;
  return <CircleCheck aria-hidden="true" className="mt-0.5 size-5 flex-none text-up" />;
}

function saidOf({ status, denial }: Order, isRefused: boolean): string {
  if (status === 'initialized') return 'asked for; the risk gate judges it …';
  if (status === 'denied') return denial === null ? 'it was not sent' : 'the risk gate refused it';
  if (isRefused) return 'the venue rejected it';
  if (status === 'emulated') return 'approved; its trigger is watched here';
  return status === 'filled' ? 'filled' : 'approved, and on its way';
}

function Why({ order }: { readonly order: Order }) {
  const { denial } = order;
  if (denial !== null)
    return (
      <p className="break-words text-quiet">
        {denial.text} {denial.next} <code className="text-xs">{denial.code}</code>
      </p>
    );
  const note = orderNote(order);
  return note === '' ? null : <p className="break-words text-quiet">{note}</p>;
}
