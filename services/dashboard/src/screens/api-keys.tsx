import { useQueryClient } from '@tanstack/react-query';
import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import { useApiKeys } from '../api/lists.js';
import { command } from '../api/session.js';
import { addressesOf } from '../domain/addresses.js';
import { ago } from '../domain/time.js';
import type { ApiKeyList, NewApiKey } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { Empty, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { Modal } from '../ui/modal.js';
import { Section } from '../ui/section.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { ShownOnce } from '../ui/shown-once.js';
import { toastDone } from '../ui/toast.js';

type ApiKey = ApiKeyList['data'][number];

/** Keys with which programs come in. */
export function ApiKeys() {
  const keys = useApiKeys();
  const [creating, setCreating] = useState(false);
  const rows = keys.data?.data.filter(({ revokedAt }) => revokedAt === null);
  const create = (
    <button type="button" className="button small" onClick={() => setCreating(true)}>
      <Plus aria-hidden="true" className="size-4" /> New key
    </button>
  );
  return (
    <Section title="API keys" note={rows?.length} actions={create}>
      {keys.isPending ? <Skeleton /> : null}
      {keys.isError ? <ProblemPanel error={keys.error} onRetry={() => void keys.refetch()} /> : null}
      {rows === undefined ? null : rows.length === 0 ? (
        <Empty icon={<KeyRound className="size-6" />} title="No key yet">
          A program uses a key in place of your password. It can be limited to reading, and to the addresses that you
          name.
        </Empty>
      ) : (
        <ul className="flex flex-col divide-y divide-line">
          {rows.map((row) => (
            <Row key={row.id} row={row} />
          ))}
        </ul>
      )}
      {creating ? <CreateKey onClose={() => setCreating(false)} /> : null}
    </Section>
  );
}

function Row({ row }: { readonly row: ApiKey }) {
  const now = useNow();
  const queries = useQueryClient();
  const [revoking, setRevoking] = useState(false);
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
      <div className="min-w-0 text-sm">
        <p className="font-semibold">{row.label}</p>
        <p className="text-quiet">
          may {row.scopes.join(' and ')} · {row.lastUsedAt === null ? 'never used' : `used ${ago(row.lastUsedAt, now)}`}
          {row.allowedAddresses.length === 0 ? '' : ` · from ${row.allowedAddresses.join(', ')}`}
        </p>
      </div>
      <button
        type="button"
        className="button small warned"
        aria-label={`Revoke ${row.label}`}
        onClick={() => setRevoking(true)}
      >
        Revoke
      </button>
      {revoking ? (
        <Confirm
          title={`Revoke ${row.label}?`}
          confirm="Revoke"
          danger
          onClose={() => setRevoking(false)}
          onConfirm={async () => {
            await command('DELETE', `/v1/api-keys/${row.id}`);
            toastDone(`${row.label} is revoked`);
            await queries.invalidateQueries({ queryKey: ['api-keys'] });
          }}
        >
          Programs that use it are refused from now on.
        </Confirm>
      ) : null}
    </li>
  );
}

function CreateKey({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [label, setLabel] = useState('');
  const [scope, setScope] = useState<'read' | 'trade'>('read');
  const [typed, setTyped] = useState('');
  const [created, setCreated] = useState<NewApiKey | null>(null);
  const sending = useSending({
    pointers: ['/label', '/scopes', '/allowedAddresses'],
    faults: label.trim() === '' ? { '/label': 'Give it a name.' } : {},
    send: async () => {
      const scopes = scope === 'trade' ? ['read', 'trade'] : ['read'];
      setCreated(
        await command<NewApiKey>('POST', '/v1/api-keys', { label, scopes, allowedAddresses: addressesOf(typed) }),
      );
      await queries.invalidateQueries({ queryKey: ['api-keys'] });
    },
  });
  if (created !== null) {
    return (
      <ShownOnce title={`The key of ${created.label}`} secret={created.key} onClose={onClose}>
        Keep it now: it is shown this once, and only its hash is stored.
      </ShownOnce>
    );
  }
  return (
    <Modal title="New API key" onClose={onClose}>
      <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4">
        <Field label="Name" help="What uses it." fault={sending.faults['/label']}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              maxLength={60}
              value={label}
              onChange={(event) => setLabel(event.target.value)}
            />
          )}
        </Field>
        <Field label="What it may do" fault={sending.faults['/scopes']}>
          {(attributes) => (
            <select
              {...attributes}
              className="input"
              value={scope}
              onChange={(event) => setScope(event.target.value === 'trade' ? 'trade' : 'read')}
            >
              <option value="read">Read only</option>
              <option value="trade">Read and trade</option>
            </select>
          )}
        </Field>
        <Field
          label="Addresses it may come from"
          optional
          help="Addresses or networks such as 203.0.113.7 or 10.0.0.0/8, with commas between. Empty: from anywhere."
          fault={sending.faults['/allowedAddresses']}
        >
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              autoComplete="off"
              spellCheck={false}
              value={typed}
              onChange={(event) => {
                setTyped(event.target.value);
                sending.touch('/allowedAddresses');
              }}
            />
          )}
        </Field>
        <FormProblem sending={sending} />
        <div className="flex justify-end gap-2 max-sm:*:flex-1">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={sending.busy}>
            Create
          </button>
        </div>
      </form>
    </Modal>
  );
}
