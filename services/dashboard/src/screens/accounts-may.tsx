import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { useAccountStates } from '../api/lists.js';
import { accountWords, circuitWords } from '../domain/reconciliation-words.js';
import type { AccountStateList } from '../generated/api.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Section } from '../ui/section.js';

const looks = {
  up: { icon: CircleCheck, tone: 'text-up' },
  warn: { icon: CircleAlert, tone: 'text-warn' },
  down: { icon: CircleX, tone: 'text-down' },
} as const;

/** What each account may do now, and why not more. */
export function AccountsMay({ account }: { readonly account: string | undefined }) {
  const states = useAccountStates();
  const rows = states.data?.data.filter((row) => account === undefined || row.account === account);
  return (
    <Section title="What each account may do" note={rows?.length}>
      {states.isPending ? <Skeleton rows={2} /> : null}
      {states.isError ? <ProblemPanel error={states.error} onRetry={() => void states.refetch()} /> : null}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty title="No account of yours">Bring one under Accounts.</Empty>
      ) : (
        <ul aria-label="Accounts" className="flex flex-col divide-y divide-line">
          {rows.map((row) => (
            <Row key={row.account} row={row} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Row({ row }: { readonly row: AccountStateList['data'][number] }) {
  const { title, tone } = accountWords[row.state];
  const { icon: Icon, tone: colour } = looks[tone];
  return (
    <li className="px-4 py-3 text-sm">
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <strong>{row.account}</strong>
        <span className={`inline-flex items-center gap-1.5 font-semibold ${colour}`}>
          <Icon aria-hidden="true" className="size-4" /> {title}
        </span>
      </p>
      {row.text === '' ? null : (
        <p className="mt-1 break-words text-quiet">
          {row.text} {row.code === '' ? null : <code className="text-xs">{row.code}</code>}
        </p>
      )}
      {circuitWords[row.circuit] === '' ? null : <p className="mt-1 text-warn">{circuitWords[row.circuit]}</p>}
    </li>
  );
}
