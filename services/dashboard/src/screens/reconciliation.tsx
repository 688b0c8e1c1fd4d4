import { useNavigate, useSearch } from '@tanstack/react-router';
import { useAccounts } from '../api/lists.js';
import { Page } from '../ui/section.js';
import { AccountsMay } from './accounts-may.js';
import { DifferenceLog } from './difference-log.js';
import { Differences } from './differences.js';
import { ExternalOrders } from './external-orders.js';

/** Whether the books and the venues agree: what was found, what became of it, and what waits for a person. */
export function ReconciliationScreen() {
  const { account } = useSearch({ from: '/reconciliation' });
  const navigate = useNavigate({ from: '/reconciliation' });
  const accounts = useAccounts().data?.data ?? [];
  return (
    <Page
      title="Reconciliation"
      lead="Books here against what the venues say. An account opens positions only while both agree."
      actions={
        accounts.length < 2 ? undefined : (
          <select
            className="input w-auto"
            aria-label="Of which account"
            value={account ?? ''}
            onChange={(event) =>
              void navigate({
                search: event.target.value === '' ? {} : { account: event.target.value },
                replace: true,
              })
            }
          >
            <option value="">All accounts</option>
            {accounts.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        )
      }
    >
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <AccountsMay account={account} />
        <Differences withDryRun />
      </div>
      <ExternalOrders key={`external/${account ?? ''}`} account={account} />
      <DifferenceLog key={`log/${account ?? ''}`} account={account} />
    </Page>
  );
}
