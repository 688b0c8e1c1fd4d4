import { useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import { useState } from 'react';
import { useSessions } from '../api/lists.js';
import { command, session as own } from '../api/session.js';
import { asProblem } from '../domain/problem.js';
import { age, ago, exactTime, timeOf } from '../domain/time.js';
import type { SessionList } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Section } from '../ui/section.js';
import { toastDone, toastRefused } from '../ui/toast.js';

type OpenSession = SessionList['data'][number];

/** One that is gone already is what was wanted. */
async function end(id: string): Promise<void> {
  try {
    await command('DELETE', `/v1/sessions/${encodeURIComponent(id)}`);
  } catch (error) {
    if (asProblem(error).status !== 404) throw error;
  }
}

/** Where one is logged in; each can be ended at once. */
export function Sessions() {
  const sessions = useSessions();
  const queries = useQueryClient();
  const [ending, setEnding] = useState(false);
  const rows = sessions.data?.data.toSorted(
    (left, right) => Number(right.current) - Number(left.current) || right.renewedAt.localeCompare(left.renewedAt),
  );
  const others = rows?.filter(({ current }) => !current) ?? [];
  return (
    <Section
      title="Where you are logged in"
      note={rows?.length}
      actions={
        others.length === 0 ? null : (
          <button type="button" className="button small warned" onClick={() => setEnding(true)}>
            End all others
          </button>
        )
      }
    >
      {sessions.isPending ? <Skeleton /> : null}
      {sessions.isError ? <ProblemPanel error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {rows === undefined ? null : (
        <ul className="flex flex-col divide-y divide-line">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
      {ending ? (
        <Confirm
          title="End all other sessions?"
          confirm="End all others"
          danger
          onClose={() => setEnding(false)}
          onConfirm={async () => {
            try {
              for (const { id } of others) await end(id);
              toastDone('You are logged in here alone');
            } finally {
              await queries.invalidateQueries({ queryKey: ['sessions'] });
            }
          }}
        >
          Every other window, device and program that logged in with your password is out at once. Keys of programs
          stay.
        </Confirm>
      ) : null}
    </Section>
  );
}

function Row({ row }: { readonly row: OpenSession }) {
  const now = useNow();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const { id, openedAt, renewedAt, endsAt, current } = row;
  const close = async () => {
    if (current) return own.logOut();
    setBusy(true);
    try {
      await end(id);
      toastDone('The session is ended');
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    } catch (error) {
      toastRefused(error);
      setBusy(false);
    }
  };
  return (
    <li className="flex items-center justify-between gap-3 px-4 py-3">
      <div className="flex min-w-0 items-start gap-3 text-sm">
        <MonitorSmartphone aria-hidden="true" className="mt-0.5 size-5 flex-none text-quiet" />
        <div>
          <p className="font-semibold">
            {current ? 'This window' : 'Another window'}
            <span className="font-normal text-quiet"> · logged in {timeOf(openedAt, now)}</span>
          </p>
          <p className="text-quiet" title={`ends ${exactTime(endsAt)}`}>
            renewed {ago(renewedAt, now)} · ends by itself in {age(Date.parse(endsAt) - now)}
          </p>
        </div>
      </div>
      <button
        type="button"
        className={`button small ${current ? '' : 'warned'}`}
        disabled={busy}
        aria-label={current ? 'Log out of this window' : `End the session of ${timeOf(openedAt, now)}`}
        onClick={() => void close()}
      >
        {current ? 'Log out' : 'End'}
      </button>
    </li>
  );
}
