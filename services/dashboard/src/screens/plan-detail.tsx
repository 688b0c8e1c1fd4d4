import { Ban, CircleCheck, CircleDashed, CircleX, type LucideIcon, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { useForgetPlans, useMay, useOrderPlan } from '../api/lists.js';
import { command } from '../api/session.js';
import { shown } from '../domain/decimal.js';
import { cancelConsequence, legText, planKindWords, planStatusWords, planTerms } from '../domain/plan-words.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { OrderPlan } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { ProblemPanel, Skeleton } from '../ui/data-state.js';
import { ModeMark, SideMark } from '../ui/marks.js';
import { Modal } from '../ui/modal.js';
import { toastDone } from '../ui/toast.js';

const looks: Readonly<Record<OrderPlan['status'], readonly [LucideIcon, string]>> = {
  planned: [CircleDashed, 'text-accent'],
  working: [CircleDashed, 'text-accent'],
  protecting: [ShieldCheck, 'text-up'],
  done: [CircleCheck, 'text-up'],
  canceled: [Ban, 'text-quiet'],
  failed: [CircleX, 'text-down'],
};

export function PlanMark({ status }: Pick<OrderPlan, 'status'>) {
  const [Icon, tone] = looks[status];
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm font-semibold whitespace-nowrap ${tone}`}>
      <Icon aria-hidden="true" className="size-4" />
      {planStatusWords[status]}
    </span>
  );
}

/** A plan with its orders, as long as it is looked at. */
export function PlanDetail({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const plan = useOrderPlan(id);
  const [canceling, setCanceling] = useState(false);
  const mayTrade = useMay('trader');
  const { data } = plan;
  if (canceling && data !== undefined) return <CancelPlan plan={data} onClose={() => setCanceling(false)} />;
  const button =
    data === undefined || data.final || !mayTrade ? undefined : (
      <button type="button" className="button warned" onClick={() => setCanceling(true)}>
        <Ban aria-hidden="true" className="size-4" /> Cancel the plan
      </button>
    );
  return (
    <Modal title="Order plan" onClose={onClose} footer={button}>
      {plan.isPending ? <Skeleton rows={4} height="1.5rem" /> : null}
      {plan.isError ? <ProblemPanel error={plan.error} onRetry={() => void plan.refetch()} /> : null}
      {data === undefined ? null : <Facts plan={data} />}
    </Modal>
  );
}

function Facts({ plan }: { readonly plan: OrderPlan }) {
  const now = useNow();
  const { side, symbol, mode, status, kind, quantity, purpose, reason, orders } = plan;
  const facts: readonly (readonly [string, string])[] = [
    ['Kind', `${planKindWords[kind]}${purpose === 'close' ? ', only gives back' : ''}`],
    ['Quantity', shown(quantity)],
    ['Terms', planTerms(plan)],
    ['Account', plan.account],
    ['Planned', timeOf(plan.createdAt, now)],
    ['Its id', plan.id],
    ...(reason === null ? [] : [['Why', `${reason.text} (${reason.code})`] as const]),
  ];
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <SideMark side={side} /> <strong>{symbol}</strong> <ModeMark mode={mode} />
        <PlanMark status={status} />
      </p>
      <dl className="mt-4 grid grid-cols-2 gap-x-6 gap-y-2.5 text-sm">
        {facts.map(([label, text]) => (
          <div key={label} className={`min-w-0 ${label === 'Terms' || label === 'Why' ? 'col-span-2' : ''}`}>
            <dt className="text-xs text-quiet">{label}</dt>
            <dd className="num font-medium break-words">{text}</dd>
          </div>
        ))}
      </dl>
      <h3 className="mt-5 text-sm font-semibold">Its orders</h3>
      {orders.length === 0 ? (
        <p className="mt-2 text-sm text-quiet">None was asked for yet.</p>
      ) : (
        <ol aria-label="Its orders" className="mt-2 flex flex-col gap-2 text-sm">
          {orders.map((order) => (
            <li key={order.clientOrderId} className="break-words">
              {legText(order)}
              <span className="num block text-xs break-all text-quiet">{order.clientOrderId}</span>
            </li>
          ))}
        </ol>
      )}
      <p className="mt-4 text-xs text-quiet">
        Changed{' '}
        <time dateTime={plan.updatedAt} title={exactTime(plan.updatedAt)} className="num">
          {timeOf(plan.updatedAt, now)}
        </time>
      </p>
    </>
  );
}

/** Asked twice: what goes with it is said first. */
export function CancelPlan({ plan, onClose }: { readonly plan: OrderPlan; readonly onClose: () => void }) {
  const forget = useForgetPlans();
  const { kind, side, quantity, symbol } = plan;
  const what = `${planKindWords[kind]}, ${side} ${shown(quantity)} ${symbol}`;
  return (
    <Confirm
      title="Cancel this plan?"
      confirm={plan.stop === null ? 'Cancel the plan' : 'Cancel it with its stop'}
      danger
      dismiss="Keep it"
      onClose={onClose}
      onConfirm={async () => {
        try {
          await command('DELETE', `/v1/order-plans/${plan.id}`);
        } finally {
          // Also what was refused has often changed since it was listed.
          await forget();
        }
        toastDone('The cancel is on its way', what);
      }}
    >
      <p className="font-semibold">{`${what}, account ${plan.account}`}</p>
      <p className="mt-2 text-quiet">{cancelConsequence(plan)}</p>
    </Confirm>
  );
}
