import { useMutation, useQueryClient } from '@tanstack/react-query';
import { CircleCheck, RefreshCw, Scale } from 'lucide-react';
import { useMay, useReconciliation } from '../api/lists.js';
import { command } from '../api/session.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { Reconciliation } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Empty, ProblemPanel } from '../ui/data-state.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';

type Difference = Reconciliation['differences'][number];

const columns: readonly Column<Difference>[] = [
  { label: 'What', cell: ({ kind, subject }) => `${kind} ${subject}` },
  { label: 'Account', cell: ({ account }) => account },
  { label: 'Here', figure: true, cell: ({ ours }) => ours },
  { label: 'At the venue', figure: true, cell: ({ theirs }) => theirs },
  { label: 'Decision', cell: ({ decision, repaired }) => `${decision}${repaired ? ' ✓' : ''}` },
];

/** What the last comparison found; the venues are asked again when somebody wants it, because it costs requests there. */
export function Differences() {
  const cache = useQueryClient();
  const mayCompare = useMay('trader');
  const now = useNow();
  const last = useReconciliation();
  const compare = useMutation({
    mutationFn: () => command<Reconciliation>('POST', '/v1/reconciliation'),
    onSuccess: (found) => cache.setQueryData(['reconciliation'], found),
  });
  const error = compare.error ?? last.error;
  const retry = () => void (compare.isError ? compare.mutate() : last.refetch());
  return (
    <Section
      title="Books against venues"
      actions={
        mayCompare ? (
          <button type="button" className="button small" disabled={compare.isPending} onClick={() => compare.mutate()}>
            <RefreshCw aria-hidden="true" className={`size-4 ${compare.isPending ? 'animate-spin' : ''}`} />
            {compare.isPending ? 'Comparing …' : 'Compare now'}
          </button>
        ) : undefined
      }
    >
      {error === null ? null : <ProblemPanel error={error} onRetry={retry} />}
      {last.data === undefined ? null : <Found found={last.data} now={now} />}
    </Section>
  );
}

function Found({
  found: { at, reconciled, differences },
  now,
}: {
  readonly found: Reconciliation;
  readonly now: number;
}) {
  if (at === null && differences.length === 0)
    return (
      <Empty icon={<Scale className="size-6" />} title="Not compared yet">
        Orders, fills, balances and positions here are held against what the venues say.
      </Empty>
    );
  const when =
    at === null ? null : (
      <p className="px-4 pb-3 text-xs text-quiet">
        Compared{' '}
        <time dateTime={at} title={exactTime(at)}>
          {timeOf(at, now)}
        </time>
      </p>
    );
  return (
    <>
      {differences.length === 0 ? (
        <Empty
          icon={<CircleCheck className={`size-6 ${reconciled ? 'text-up' : 'text-quiet'}`} />}
          title={reconciled ? 'Everything agrees' : 'Not agreed upon yet'}
        >
          {reconciled
            ? 'Orders, fills, balances and positions are the same here and at the venues.'
            : 'An account could not be compared to its end; it is tried again by itself.'}
        </Empty>
      ) : (
        <Sheet
          caption="Differences"
          columns={columns}
          rows={differences}
          keyOf={({ kind, account, subject }) => `${kind}/${account}/${subject}`}
        />
      )}
      {when}
    </>
  );
}
