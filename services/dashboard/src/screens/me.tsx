import { UserRound } from 'lucide-react';
import { useMe, useVersion } from '../api/lists.js';
import { roleWords } from '../domain/roles.js';
import { ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Page, Section } from '../ui/section.js';
import { ChangePassword } from './change-password.js';
import { Sessions } from './sessions.js';

/** Who one is here, the password, and where one is logged in. */
export function Me() {
  return (
    <Page title="You">
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <div className="flex min-w-0 flex-col gap-4">
          <Section title="Who you are">
            <Identity />
          </Section>
          <ChangePassword />
        </div>
        <Sessions />
      </div>
      <VersionLine />
    </Page>
  );
}

function Identity() {
  const me = useMe();
  if (me.isError) return <ProblemPanel error={me.error} onRetry={() => void me.refetch()} />;
  if (me.data === undefined) return <Skeleton rows={1} />;
  const { email, role, id } = me.data;
  return (
    <div className="flex items-start gap-3 p-4">
      <span aria-hidden="true" className="grid size-11 flex-none place-items-center rounded-full bg-raised text-quiet">
        <UserRound className="size-5" />
      </span>
      <div className="min-w-0 text-sm">
        <p className="font-semibold break-all">{email}</p>
        <p>
          Your role is <strong>{roleWords[role].name}</strong>.{' '}
          <span className="text-quiet">{roleWords[role].may}</span>
        </p>
        <p className="mt-1 font-mono text-xs text-quiet">{id}</p>
      </div>
    </div>
  );
}

/** What to quote when something is wrong. */
function VersionLine() {
  const version = useVersion().data;
  if (version === undefined) return null;
  return (
    <p className="num text-xs text-quiet">
      Scalpstorm {version.version}, API {version.api}
    </p>
  );
}
