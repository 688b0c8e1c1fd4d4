import { useQueryClient } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useMay, useMe, usePages } from '../api/lists.js';
import { command } from '../api/session.js';
import { type Role, roles, roleWords } from '../domain/roles.js';
import type { UserList } from '../generated/api.js';
import { Confirm } from '../ui/confirm.js';
import { Forbidden, ProblemPanel, Skeleton } from '../ui/data-state.js';
import { LogView } from '../ui/log-view.js';
import { Page } from '../ui/section.js';
import { toastDone, toastRefused } from '../ui/toast.js';
import { NewUser } from './new-user.js';

type User = UserList['data'][number];

/** Everybody who may come in, what they may do, and whoever may no more. */
export function UsersScreen() {
  const mayAdminister = useMay('admin');
  const me = useMe();
  const [creating, setCreating] = useState(false);
  return (
    <Page
      title="Users"
      lead="A new role and a shut door count at once."
      actions={
        mayAdminister ? (
          <button type="button" className="button primary" onClick={() => setCreating(true)}>
            <UserPlus aria-hidden="true" className="size-4" /> New user
          </button>
        ) : undefined
      }
    >
      <div className="card overflow-hidden">
        {me.isPending ? <Skeleton /> : null}
        {me.isError ? <ProblemPanel error={me.error} onRetry={() => void me.refetch()} /> : null}
        {me.data !== undefined && !mayAdminister ? <Forbidden what="Seeing and changing users" needs="admin" /> : null}
        {mayAdminister ? <Everybody me={me.data?.id} /> : null}
      </div>
      {mayAdminister ? <Roles /> : null}
      {creating ? <NewUser onClose={() => setCreating(false)} /> : null}
    </Page>
  );
}

/** Newest first, page by page. */
function Everybody({ me }: { readonly me: string | undefined }) {
  const pages = usePages<User>('/v1/users', {});
  const rows = pages.data?.pages.flatMap(({ data }) => data);
  return (
    <LogView rows={rows} pages={pages} empty={null}>
      {(shownRows) => (
        <ul aria-label="Users" className="flex flex-col divide-y divide-line">
          {shownRows.map((user) => (
            <Row key={user.id} user={user} own={user.id === me} />
          ))}
        </ul>
      )}
    </LogView>
  );
}

function Row({ user, own }: { readonly user: User; readonly own: boolean }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const { id, email, role, disabled } = user;
  const change = async (wanted: { readonly role?: Role; readonly disabled?: boolean }, done: string) => {
    try {
      await command('PATCH', `/v1/users/${id}`, wanted);
      toastDone(done);
    } finally {
      await queries.invalidateQueries({ queryKey: ['pages', '/v1/users'] });
    }
  };
  const at = (work: Promise<void>) => {
    setBusy(true);
    work.catch(toastRefused).finally(() => setBusy(false));
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-64 text-sm">
        <p className={`font-semibold break-all ${disabled ? 'text-quiet' : ''}`}>
          {email}
          {own ? <span className="font-normal text-quiet"> · you</span> : null}
          {disabled ? <span className="text-down"> · ✕ shut out</span> : null}
        </p>
        <p className="text-quiet">{roleWords[role].may}</p>
      </div>
      <select
        className="input w-40"
        aria-label={`Role of ${email}`}
        // Nobody changes their own: an administrator who steps down by mistake could not come back.
        disabled={busy || own}
        value={role}
        onChange={(event) => {
          const next = roles.find((each) => each === event.target.value);
          if (next !== undefined) at(change({ role: next }, `${email} is ${roleWords[next].name} now`));
        }}
      >
        {roles.map((each) => (
          <option key={each} value={each}>
            {roleWords[each].name}
          </option>
        ))}
      </select>
      {disabled ? (
        <button
          type="button"
          className="button small w-24"
          disabled={busy}
          aria-label={`Let ${email} in`}
          onClick={() => at(change({ disabled: false }, `${email} may come in again`))}
        >
          Let in
        </button>
      ) : (
        <button
          type="button"
          className="button small warned w-24"
          disabled={busy || own}
          aria-label={`Shut ${email} out`}
          onClick={() => setAsking(true)}
        >
          Shut out
        </button>
      )}
      {asking ? (
        <Confirm
          title={`Shut ${email} out?`}
          confirm="Shut out"
          danger
          onClose={() => setAsking(false)}
          onConfirm={() => change({ disabled: true }, `${email} is shut out`)}
        >
          Every session and every key ends at once. Bots that run go on: halt them first, if they should not.
        </Confirm>
      ) : null}
    </li>
  );
}

/** What each role means, beside where it is given. */
function Roles() {
  return (
    <dl className="grid gap-x-8 gap-y-2 px-1 text-sm sm:grid-cols-2">
      {roles.map((role) => (
        <div key={role}>
          <dt className="inline font-semibold">{roleWords[role].name}</dt>{' '}
          <dd className="inline text-quiet">{roleWords[role].may}</dd>
        </div>
      ))}
    </dl>
  );
}
