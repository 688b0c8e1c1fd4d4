import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleX } from 'lucide-react';
import { useOrderPlan } from '../api/lists.js';
import { shown } from '../domain/decimal.js';
import { planKindWords, planTerms } from '../domain/plan-words.js';
import type { OrderPlan } from '../generated/api.js';
import { Modal } from '../ui/modal.js';
import { PlanMark } from './plan-detail.js';

/** What became of a plan that was asked for: it stays until somebody has read it. */
export function PlanVerdict({ asked, onClose }: { readonly asked: OrderPlan; readonly onClose: () => void }) {
  const plan = useOrderPlan(asked.id).data ?? asked;
  const Sign = plan.status === 'failed' ? CircleX : CircleCheck;
  return (
    <Modal
      title="The plan"
      onClose={onClose}
      footer={
        <>
          <Link to="/orders" search={{ show: 'plans', plan: plan.id }} className="button" onClick={onClose}>
            Look at it
          </Link>
          <button type="button" className="button primary" onClick={onClose}>
            Close
          </button>
        </>
      }
    >
      <div role="status" className="flex items-start gap-3 text-sm">
        <Sign
          aria-hidden="true"
          className={`mt-0.5 size-5 flex-none ${plan.status === 'failed' ? 'text-down' : 'text-up'}`}
        />
        <div className="flex min-w-0 flex-col gap-1">
          <p className="font-semibold break-words">
            {`${planKindWords[plan.kind]}: ${plan.side} ${shown(plan.quantity)} ${plan.symbol}`}
          </p>
          <p className="break-words text-quiet">{planTerms(plan)}</p>
          <PlanMark status={plan.status} />
          {plan.reason === null ? (
            <p className="text-quiet">It is kept, and carried out also when this page is closed.</p>
          ) : (
            <p className="break-words text-quiet">
              {plan.reason.text} <code className="text-xs">{plan.reason.code}</code>
            </p>
          )}
          <p className="num mt-1 text-xs break-all text-quiet">{plan.id}</p>
        </div>
      </div>
    </Modal>
  );
}
