import { useQueryClient } from '@tanstack/react-query';
import { CircleCheck, CircleX, type LucideIcon, Power } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { command } from '../api/session.js';
import type { NoticeChannel } from '../domain/notices.js';
import type { NotificationProfile } from '../generated/api.js';
import { Section } from '../ui/section.js';
import { toastDone, toastRefused } from '../ui/toast.js';

type ChannelState = NotificationProfile['channels'][number];

/** Tells the gateway a change, and shows the settings that it answers with. A secret in the answer is not kept. */
export function useProfileChange() {
  const queries = useQueryClient();
  return async <Reply extends NotificationProfile>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
  ): Promise<Reply> => {
    const reply = await command<Reply & { readonly secret?: string }>(method, `/v1/notifications${path}`, body);
    const { secret: _, ...profile } = reply;
    queries.setQueryData(['notifications'], profile);
    return reply;
  };
}

const looks: Readonly<Record<ChannelState['state'], readonly [LucideIcon, string, string]>> = {
  up: [CircleCheck, 'text-up', 'Ready'],
  down: [CircleX, 'text-down', 'Does not answer'],
  off: [Power, 'text-quiet', 'Not set up'],
};

interface ChannelSectionProps {
  readonly title: string;
  readonly channel: NoticeChannel;
  readonly profile: NotificationProfile;
  readonly children: ReactNode;
}

/** One way to a user: whether the platform can use it, and what the user has there. */
export function ChannelSection({ title, channel, profile, children }: ChannelSectionProps) {
  const status = profile.channels.find((each) => each.channel === channel);
  const state = status?.state ?? 'off';
  const [Icon, tone, word] = looks[state];
  return (
    <Section
      title={title}
      actions={
        <span className={`inline-flex items-center gap-1.5 text-sm font-semibold ${tone}`}>
          <Icon aria-hidden="true" className="size-4" /> {word}
        </span>
      }
    >
      <div className="flex flex-1 flex-col gap-3 p-4 text-sm">
        {state === 'down' ? (
          <p className="text-down">✕ {status?.text} What there is to tell waits and is sent when it works again.</p>
        ) : null}
        {state === 'off' ? <NotSetUp text={status?.text ?? ''} /> : children}
      </div>
    </Section>
  );
}

function NotSetUp({ text }: { readonly text: string }) {
  const settings = /set ([A-Z_ and]+)/.exec(text)?.[1];
  return (
    <p className="text-quiet">
      This installation cannot send here yet. Its operator
      {settings === undefined ? ' has to set it up' : ' sets '}
      {settings === undefined ? null : <code className="text-xs">{settings}</code>}; see docs/notifications.md.
    </p>
  );
}

interface TestButtonProps {
  readonly channel: NoticeChannel;
  readonly label: string;
}

export function TestButton({ channel, label }: TestButtonProps) {
  const change = useProfileChange();
  const [busy, setBusy] = useState(false);
  const test = async () => {
    setBusy(true);
    try {
      await change('POST', '/test', { channel });
      toastDone('A test message is on its way', label);
    } catch (error) {
      toastRefused(error);
    }
    setBusy(false);
  };
  return (
    <button
      type="button"
      className="button small"
      disabled={busy}
      aria-label={`Send a test to ${label}`}
      onClick={() => void test()}
    >
      Send a test
    </button>
  );
}
