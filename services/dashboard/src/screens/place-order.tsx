import { useState } from 'react';
import { useAccounts, useForgetPlans, useInstruments } from '../api/lists.js';
import { command } from '../api/session.js';
import { draftFaults, orderBody } from '../domain/order-draft.js';
import { type PlanDraft, planBody, planFaults, planPointers } from '../domain/plan-draft.js';
import type { Account, Instrument, Order } from '../domain/rows.js';
import type { OrderPlan } from '../generated/api.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Modal } from '../ui/modal.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { OrderFields, pointersOf } from './order-fields.js';
import { OrderReview } from './order-review.js';
import { OrderVerdict } from './order-verdict.js';
import { PlanVerdict } from './plan-verdict.js';

const title = 'Place an order';

const untouched: PlanDraft = {
  ...{ account: '', symbol: '', side: 'buy', kind: 'limit', quantity: '', price: '', triggerPrice: '', distance: '' },
  ...{ activationPrice: '', source: 'last', life: 'GTC', expiresAt: '', reduceOnly: false, displayQuantity: '' },
  ...{ plan: null, entryAtMarket: false, stopTrails: false, stopTrigger: '', stopDistance: '', stopLimit: '' },
  ...{ exitSource: 'last', target: '', targetAtMarket: false, slices: '10', intervalSeconds: '60', show: '' },
};

/** An order of no bot: typed, looked at once more, asked for, judged. */
export function PlaceOrder({ onClose }: { readonly onClose: () => void }) {
  const accounts = useAccounts();
  const instruments = useInstruments();
  const reads = [accounts, instruments];
  const failed = reads.find(({ isError }) => isError);
  if (accounts.data !== undefined && instruments.data !== undefined && accounts.data.data.length > 0)
    return <Steps accounts={accounts.data.data} instruments={instruments.data.data} onClose={onClose} />;
  return (
    <Modal title={title} onClose={onClose}>
      {failed === undefined ? (
        accounts.data?.data.length === 0 ? (
          <Empty title="You have no account to trade with">Bring one under Accounts.</Empty>
        ) : (
          <Skeleton />
        )
      ) : (
        <ProblemPanel
          error={failed.error}
          onRetry={() => {
            for (const each of reads) if (each.isError) void each.refetch();
          }}
        />
      )}
    </Modal>
  );
}

interface StepsProps {
  readonly accounts: readonly Account[];
  readonly instruments: readonly Instrument[];
  readonly onClose: () => void;
}

/** Where the order is on its way from the form to the gate. */
type Step =
  | { readonly name: 'form' | 'review' }
  | { readonly name: 'judged'; readonly asked: Order }
  | { readonly name: 'planned'; readonly asked: OrderPlan };

function Steps({ accounts, instruments, onClose }: StepsProps) {
  const [draft, setDraft] = useState<PlanDraft>(() => begun(accounts, instruments));
  const [step, setStep] = useState<Step>({ name: 'form' });
  const account = accounts.find(({ id }) => id === draft.account);
  const markets = instruments.filter(({ venue }) => venue === account?.venue);
  const instrument = markets.find(({ symbol }) => symbol === draft.symbol);
  const isPlan = draft.plan !== null;
  const forgetPlans = useForgetPlans();
  const back = () => setStep({ name: 'form' });
  const sending = useSending({
    pointers: isPlan ? planPointers(draft) : pointersOf(draft),
    faults: isPlan ? planFaults(draft) : draftFaults(draft, Date.now()),
    send: async () => {
      if (step.name === 'form') return setStep({ name: 'review' });
      try {
        if (!isPlan) return setStep({ name: 'judged', asked: await command('POST', '/v1/orders', orderBody(draft)) });
        setStep({ name: 'planned', asked: await command('POST', '/v1/order-plans', planBody(draft)) });
        await forgetPlans();
      } catch (error) {
        // What was refused is told at its field.
        back();
        throw error;
      }
    },
  });
  const what = isPlan ? 'plan' : 'order';
  if (step.name === 'judged') return <OrderVerdict asked={step.asked} onClose={onClose} onChange={back} />;
  if (step.name === 'planned') return <PlanVerdict asked={step.asked} onClose={onClose} />;
  const reviews = step.name === 'review' && account !== undefined && instrument !== undefined;
  return (
    <Modal title={reviews ? `Place this ${what}?` : title} onClose={onClose}>
      <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4">
        {reviews ? (
          <OrderReview draft={draft} account={account} instrument={instrument} />
        ) : (
          <OrderFields
            draft={draft}
            faults={sending.faults}
            accounts={accounts}
            markets={markets}
            onChange={(change, pointer) => {
              setDraft(changed(draft, change, { accounts, instruments }));
              sending.touch(pointer);
            }}
          />
        )}
        <FormProblem sending={sending} />
        <div className="flex justify-end gap-2 max-sm:*:flex-1">
          <button type="button" className="button" onClick={reviews ? back : onClose}>
            {reviews ? 'Change it' : 'Cancel'}
          </button>
          <button type="submit" className="button primary" disabled={sending.busy}>
            {sending.busy ? 'Placing …' : reviews ? `Place ${what}` : 'Review'}
          </button>
        </div>
      </form>
    </Modal>
  );
}

interface Offered {
  readonly accounts: readonly Account[];
  readonly instruments: readonly Instrument[];
}

/** The only account, and the first market of its venue. */
function begun(accounts: readonly Account[], instruments: readonly Instrument[]): PlanDraft {
  return changed(untouched, { account: accounts[0]?.id ?? '' }, { accounts, instruments });
}

/** Another account may be at a venue that does not have the market. */
function changed(draft: PlanDraft, change: Partial<PlanDraft>, { accounts, instruments }: Offered): PlanDraft {
  const next = { ...draft, ...change };
  const venue = accounts.find(({ id }) => id === next.account)?.venue;
  const markets = instruments.filter((each) => each.venue === venue);
  if (markets.some(({ symbol }) => symbol === next.symbol)) return next;
  return { ...next, symbol: markets[0]?.symbol ?? '' };
}
