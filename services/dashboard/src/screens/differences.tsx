import { useMutation } from '@tanstack/react-query';
import { CircleCheck, RefreshCw, Scale } from 'lucide-react';
import { command } from '../api/session.js';
import type { Reconciliation } from '../generated/api.js';
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

/** Asks the venues now; it costs requests there, so it is done when somebody wants it. */
export function Differences() {
  const compare = useMutation({
    mutationFn: () => command<Reconciliation>('POST', '/v1/reconciliation'),
  });
  return (
    <Section
      title="Books against venues"
      actions={
        <button type="button" className="button small" disabled={compare.isPending} onClick={() => compare.mutate()}>
          <RefreshCw aria-hidden="true" className={`size-4 ${compare.isPending ? 'animate-spin' : ''}`} />
          {compare.isPending ? 'Comparing …' : 'Compare now'}
        </button>
      }
    >
      {compare.isError ? <ProblemPanel error={compare.error} onRetry={() => compare.mutate()} /> : null}
      {compare.data === undefined ? (
        compare.isError ? null : (
          <Empty icon={<Scale className="size-6" />} title="Not compared since this page was opened">
            Orders, fills, balances and positions here are held against what the venues say.
          </Empty>
        )
      ) : compare.data.differences.length === 0 ? (
        <Empty icon={<CircleCheck className="size-6 text-up" />} title="Everything agrees">
          Orders, fills, balances and positions are the same here and at the venues.
        </Empty>
      ) : (
        <Sheet
          caption="Differences"
          columns={columns}
          rows={compare.data.differences}
          keyOf={({ kind, account, subject }) => `${kind}/${account}/${subject}`}
        />
      )}
    </Section>
  );
}
