import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleCheck, FlaskConical, RefreshCw, Scale } from 'lucide-react';
import { useForgetReconciliation, useMay, useReconciliation } from '../api/lists.js';
import { command } from '../api/session.js';
import { exactTime, timeOf } from '../domain/time.js';
import type { Reconciliation } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Section } from '../ui/section.js';
import { type Column, Sheet } from '../ui/sheet.js';

type Difference = Reconciliation['differences'][number];

const columns: readonly Column<Difference>[] = [
  {
    label: 'What',
    cell: ({ kind, subject }) => <span className="[overflow-wrap:anywhere]">{`${kind} ${subject}`}</span>,
  },
  { label: 'Account', cell: ({ account }) => account },
  { label: 'Here', figure: true, cell: ({ ours }) => ours },
  { label: 'At the venue', figure: true, cell: ({ theirs }) => theirs },
  { label: 'Decision', whole: true, cell: ({ decision, repaired }) => `${decision}${repaired ? ' ✓' : ''}` },
];

interface DifferencesProps {
  /** On its own page: what a comparison would do can be asked for, too. */
  readonly withDryRun?: boolean;
}

/** What the last comparison found; the venues are asked again when somebody wants it, because it costs requests there. */
export function Differences({ withDryRun = false }: DifferencesProps) {
  const cache = useQueryClient();
  const forget = useForgetReconciliation();
  const last = useReconciliation();
  const compare = useMutation({
    mutationFn: () => command<Reconciliation>('POST', '/v1/reconciliation'),
    onSuccess: async (found) => {
      dry.reset();
      cache.setQueryData(['reconciliation', 'last'], found);
      await forget();
    },
  });
  const dry = useMutation({
    mutationFn: () => command<Reconciliation>('POST', '/v1/reconciliation/dry-run'),
    onSuccess: () => compare.reset(),
  });
  const error = compare.error ?? dry.error ?? last.error;
  const retry = () => void (compare.isError ? compare.mutate() : dry.isError ? dry.mutate() : last.refetch());
  return (
    <Section
      title="Books against venues"
      actions={<Actions compare={compare} dry={withDryRun ? dry : null} busy={compare.isPending || dry.isPending} />}
    >
      {error === null ? null : <ProblemPanel error={error} onRetry={retry} />}
      {last.isPending ? <Skeleton rows={2} /> : null}
      {dry.data !== undefined ? <DryFound found={dry.data} /> : null}
      {last.data !== undefined && dry.data === undefined ? <Found found={last.data} /> : null}
      {withDryRun ? null : (
        <p className="border-t border-line px-4 py-2.5 text-sm">
          <Link to="/reconciliation" className="link">
            Everything that was found, and orders placed elsewhere
          </Link>
        </p>
      )}
    </Section>
  );
}

interface Work {
  readonly isPending: boolean;
  readonly mutate: () => void;
}

interface ActionsProps {
  readonly compare: Work;
  readonly dry: Work | null;
  readonly busy: boolean;
}

function Actions({ compare, dry, busy }: ActionsProps) {
  if (!useMay('trader')) return null;
  return (
    <span className="flex flex-wrap gap-2">
      {dry === null ? null : (
        <button type="button" className="button small" disabled={busy} onClick={() => dry.mutate()}>
          <FlaskConical aria-hidden="true" className={`size-4 ${dry.isPending ? 'animate-pulse' : ''}`} />
          {dry.isPending ? 'Comparing …' : 'Dry run'}
        </button>
      )}
      <button type="button" className="button small" disabled={busy} onClick={() => compare.mutate()}>
        <RefreshCw aria-hidden="true" className={`size-4 ${compare.isPending ? 'animate-spin' : ''}`} />
        {compare.isPending ? 'Comparing …' : 'Compare now'}
      </button>
    </span>
  );
}

/** What a comparison would do: told, and not done. */
function DryFound({ found }: { readonly found: Reconciliation }) {
  return (
    <div data-testid="dry-run">
      <p role="status" className="border-b border-line bg-notice px-4 py-2.5 text-sm">
        <strong>A dry run: nothing was changed.</strong>{' '}
        {found.differences.length === 0 ? '' : 'What “Compare now” would do stands under Decision.'}
      </p>
      <Found found={found} />
    </div>
  );
}

function Found({ found: { at, reconciled, differences } }: { readonly found: Reconciliation }) {
  const now = useNow();
  if (at === null && differences.length === 0)
    return (
      <Empty icon={<Scale className="size-6" />} title="Not compared yet">
        Orders, fills, balances and positions here are held against what the venues say.
      </Empty>
    );
  const when =
    at === null ? null : (
      <p className="px-4 py-3 text-xs text-quiet">
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
