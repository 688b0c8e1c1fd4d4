import { placesFor, shown } from '../domain/decimal.js';
import { kindOf } from '../domain/order-draft.js';
import { previewOf, worthOfDraft } from '../domain/order-preview.js';
import { hasExits, type PlanDraft } from '../domain/plan-draft.js';
import { planPreview, worthOfPlan } from '../domain/plan-preview.js';
import { planKindWords } from '../domain/plan-words.js';
import type { Account, Instrument, PriceRow } from '../domain/rows.js';
import { lastOf } from '../domain/totals.js';
import { useChannel } from '../live/live-provider.js';
import { ModeMark, modeWords, SideMark } from '../ui/marks.js';

interface OrderReviewProps {
  readonly draft: PlanDraft;
  readonly account: Account;
  readonly instrument: Instrument;
}

/** What is about to be ordered, in words, before it is. */
export function OrderReview({ draft, account, instrument }: OrderReviewProps) {
  const { base, quote, symbol } = instrument;
  const prices = useChannel<PriceRow>('prices');
  const row = prices?.find((each) => each.instrument === instrument.id);
  const last = row === undefined ? instrument.lastPrice : lastOf(row);
  const worth = draft.plan === null ? worthOfDraft(draft, last) : worthOfPlan(draft, last);
  const label = draft.plan === null ? kindOf(draft.kind).label : planKindWords[draft.plan];
  const sentences = draft.plan === null ? previewOf(draft, instrument) : planPreview(draft, instrument);
  const facts: readonly (readonly [string, string])[] = [
    ['Type', `${label}${draft.reduceOnly && !hasExits(draft.plan) ? ', reduce only' : ''}`],
    ['Quantity', `${shown(draft.quantity.trim())} ${base}`],
    ['Worth about', worth === null ? '–' : `${shown(worth, placesFor(worth))} ${quote}`],
    ['Account', account.label],
  ];
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-base">
        <SideMark side={draft.side} /> <strong>{symbol}</strong> <ModeMark mode={account.mode} />
        <span className={`text-sm ${account.mode === 'live' ? 'font-semibold text-live' : 'text-quiet'}`}>
          {modeWords[account.mode]}
        </span>
      </p>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-2">
        {facts.map(([label, text]) => (
          <div key={label} className="min-w-0">
            <dt className="text-xs text-quiet">{label}</dt>
            <dd className="num font-medium break-words">{text}</dd>
          </div>
        ))}
      </dl>
      <ul aria-label="What happens" className="flex list-disc flex-col gap-1 rounded-xl bg-raised py-3 pr-4 pl-9">
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </div>
  );
}
