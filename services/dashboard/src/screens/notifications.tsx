import { useState } from 'react';
import { useNotifications } from '../api/lists.js';
import { noticeChannels } from '../domain/notices.js';
import { ago } from '../domain/time.js';
import type { NotificationProfile } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { ProblemPanel, Skeleton } from '../ui/data-state.js';
import { Page, Section } from '../ui/section.js';
import { toastDone, toastRefused } from '../ui/toast.js';
import { useProfileChange } from './notification-channel.js';
import { Email } from './notification-email.js';
import { NotificationRoutes } from './notification-routes.js';
import { Telegram } from './notification-telegram.js';
import { NotificationTimes } from './notification-times.js';
import { Webhook } from './notification-webhook.js';

/** Where one is told, about what, and when. */
export function Notifications() {
  const profile = useNotifications();
  return (
    <Page title="Notifications" lead="What happens to your bots comes to you.">
      {profile.data !== undefined ? (
        <Settings profile={profile.data} />
      ) : (
        <div className="card">
          {profile.isError ? (
            <ProblemPanel error={profile.error} onRetry={() => void profile.refetch()} />
          ) : (
            <Skeleton rows={5} />
          )}
        </div>
      )}
    </Page>
  );
}

function Settings({ profile }: { readonly profile: NotificationProfile }) {
  return (
    <>
      <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
        <Telegram profile={profile} />
        <Email profile={profile} />
        <Webhook profile={profile} />
      </div>
      {profile.failed.length === 0 ? null : <Failures failed={profile.failed} />}
      <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <NotificationRoutes preferences={profile.preferences} />
        <NotificationTimes preferences={profile.preferences} />
      </div>
    </>
  );
}

type Failed = NotificationProfile['failed'][number];

/** Messages that were given up after many tries. */
function Failures({ failed }: { readonly failed: readonly Failed[] }) {
  return (
    <Section title="Could not be delivered" note={failed.length}>
      <ul className="flex flex-col divide-y divide-line">
        {failed.map((delivery) => (
          <Failure key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </Section>
  );
}

function Failure({ delivery }: { readonly delivery: Failed }) {
  const now = useNow();
  const change = useProfileChange();
  const [busy, setBusy] = useState(false);
  const channel = noticeChannels.find((each) => each.channel === delivery.channel)?.label;
  const retry = async () => {
    setBusy(true);
    try {
      await change('POST', `/failed/${delivery.id}/retry`);
      toastDone('It is tried again', delivery.title);
    } catch (error) {
      toastRefused(error);
    }
    setBusy(false);
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 px-4 py-3 text-sm">
      <span className="min-w-0 flex-1">
        <span className="block font-semibold break-words">{delivery.title}</span>
        <span className="text-quiet">
          {channel} · {ago(delivery.createdAt, now)} · {delivery.attempts} tries · {delivery.error}
        </span>
      </span>
      <button
        type="button"
        className="button small"
        disabled={busy}
        aria-label={`Try ${delivery.title} again`}
        onClick={() => void retry()}
      >
        Try again
      </button>
    </li>
  );
}
