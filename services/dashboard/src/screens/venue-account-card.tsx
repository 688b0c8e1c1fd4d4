import { useQueryClient } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleX, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../api/lists.js';
import { command } from '../api/session.js';
import { ago } from '../domain/time.js';
import type { VenueAccount } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { ModeMark } from '../ui/marks.js';
import { toastDone, toastRefused } from '../ui/toast.js';
import { RotateVenueAccount } from './venue-account-dialogs.js';

/** One account: what its key may do, when that was tested, and what can be done with it. */
export function VenueAccountCard({ account }: { readonly account: VenueAccount }) {
  const now = useNow();
  const { id, label, venue, mode, state, keyEnding, check } = account;
  const mayTrade = useMay('trader');
  return (
    <li className="flex flex-col gap-3 bg-panel p-4">
      <div className="flex items-start justify-between gap-3">
        <div className="min-w-0">
          <p className="truncate font-semibold">{label}</p>
          <p className="text-sm text-quiet">
            {venue} · key …{keyEnding} · <code className="text-xs">{id}</code>
          </p>
        </div>
        <ModeMark mode={mode} />
      </div>
      <ul className="flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <Fact good={state === 'enabled'} text={state === 'enabled' ? 'Enabled' : 'Disabled'} />
        <Fact good={check.mayTrade} text={check.mayTrade ? 'May trade' : 'May not trade'} />
        <Fact good={check.mayWithdraw === null ? null : !check.mayWithdraw} text={withdrawalWords(check.mayWithdraw)} />
        <li className="text-quiet">tested {ago(check.at, now)}</li>
      </ul>
      {check.warning === '' ? null : <p className="text-sm text-warn">⚠ {check.warning}</p>}
      {mayTrade ? <Actions account={account} /> : null}
    </li>
  );
}

function withdrawalWords(mayWithdraw: boolean | null): string {
  if (mayWithdraw === null) return 'Withdrawal unknown';
  return mayWithdraw ? 'May withdraw' : 'May not withdraw';
}

function Fact({ good, text }: { readonly good: boolean | null; readonly text: string }) {
  const [Icon, tone]: readonly [LucideIcon, string] =
    good === null ? [CircleAlert, 'text-warn'] : good ? [CircleCheck, 'text-up'] : [CircleX, 'text-down'];
  return (
    <li className={`inline-flex items-center gap-1.5 font-medium ${tone}`}>
      <Icon aria-hidden="true" className="size-4" /> {text}
    </li>
  );
}

function Actions({ account }: { readonly account: VenueAccount }) {
  const queries = useQueryClient();
  const [dialog, setDialog] = useState<'remove' | 'rotate' | null>(null);
  const [busy, setBusy] = useState(false);
  const { id, label, state } = account;
  const reread = () => queries.invalidateQueries({ queryKey: ['venue-accounts'] });
  const tell = async (verb: 'test' | 'enable' | 'disable') => {
    setBusy(true);
    try {
      await command('POST', `/v1/venue-accounts/${id}/${verb}`);
      toastDone(verb === 'test' ? `${label}: the key was tested` : `${label} is ${verb}d`);
      await reread();
    } catch (error) {
      toastRefused(error);
    }
    setBusy(false);
  };
  const toggle = state === 'enabled' ? 'disable' : 'enable';
  return (
    <div className="flex flex-wrap gap-2">
      <button type="button" className="button small" disabled={busy} onClick={() => void tell('test')}>
        Test the key
      </button>
      <button type="button" className="button small" disabled={busy} onClick={() => void tell(toggle)}>
        {toggle === 'disable' ? 'Disable' : 'Enable'}
      </button>
      <button type="button" className="button small" disabled={busy} onClick={() => setDialog('rotate')}>
        Replace the key
      </button>
      <button type="button" className="button small warned" disabled={busy} onClick={() => setDialog('remove')}>
        Remove
      </button>
      {dialog === 'rotate' ? <RotateVenueAccount account={account} onClose={() => setDialog(null)} /> : null}
      {dialog === 'remove' ? (
        <Confirm
          title={`Remove ${label}?`}
          confirm={`Remove ${label}`}
          danger
          onClose={() => setDialog(null)}
          onConfirm={async () => {
            await command('DELETE', `/v1/venue-accounts/${id}`);
            toastDone(`${label} is removed`);
            await reread();
          }}
        >
          The key and its secret are deleted here; revoke the key at the venue, too. Orders and fills stay.
        </Confirm>
      ) : null}
    </div>
  );
}
