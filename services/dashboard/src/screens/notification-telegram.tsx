import { ExternalLink, Send } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useNotifications } from '../api/lists.js';
import { command } from '../api/session.js';
import { age, ago } from '../domain/time.js';
import type { NotificationProfile, TelegramCode } from '../generated/api.js';
import { useNow } from '../ui/clock.js';
import { Confirm } from '../ui/confirm.js';
import { Empty, ProblemPanel } from '../ui/data-state.js';
import { Modal } from '../ui/modal.js';
import { CopyButton } from '../ui/shown-once.js';
import { toastDone } from '../ui/toast.js';
import { ChannelSection, TestButton, useProfileChange } from './notification-channel.js';

type Chat = NotificationProfile['telegram'][number];
const askMs = 2_000;

/** Chats that are told, and that may command. */
export function Telegram({ profile }: { readonly profile: NotificationProfile }) {
  const [linking, setLinking] = useState(false);
  const link = (
    <button type="button" className="button small" onClick={() => setLinking(true)}>
      <Send aria-hidden="true" className="size-4" /> Link a chat
    </button>
  );
  return (
    <ChannelSection title="Telegram" channel="telegram" profile={profile}>
      {profile.telegram.length === 0 ? (
        <Empty title="No chat is linked" action={link}>
          Be told in a chat, and command your bots there: /status, /pause, /halt.
        </Empty>
      ) : (
        <>
          <ul className="flex flex-col divide-y divide-line">
            {profile.telegram.map((chat) => (
              <ChatRow key={chat.id} chat={chat} />
            ))}
          </ul>
          <div className="mt-auto flex flex-wrap gap-2">
            {link}
            <TestButton channel="telegram" label="Telegram" />
          </div>
        </>
      )}
      {linking ? <LinkDialog known={profile.telegram} onClose={() => setLinking(false)} /> : null}
    </ChannelSection>
  );
}

function ChatRow({ chat }: { readonly chat: Chat }) {
  const now = useNow();
  const change = useProfileChange();
  const [unlinking, setUnlinking] = useState(false);
  return (
    <li className="flex items-center justify-between gap-3 py-2 first:pt-0">
      <span className="min-w-0">
        <span className="block truncate font-semibold">{chat.label}</span>
        <span className="text-quiet">linked {ago(chat.linkedAt, now)}</span>
      </span>
      <button
        type="button"
        className="button small warned"
        aria-label={`Unlink ${chat.label}`}
        onClick={() => setUnlinking(true)}
      >
        Unlink
      </button>
      {unlinking ? (
        <Confirm
          title={`Unlink ${chat.label}?`}
          confirm="Unlink"
          danger
          onClose={() => setUnlinking(false)}
          onConfirm={async () => {
            await change('DELETE', `/telegram/${chat.id}`);
            toastDone(`${chat.label} is unlinked`);
          }}
        >
          Nothing is told there any more, and commands from it are refused.
        </Confirm>
      ) : null}
    </li>
  );
}

/** Shows a code, counts it down, and sees by itself when somebody has used it. */
function LinkDialog({ known, onClose }: { readonly known: readonly Chat[]; readonly onClose: () => void }) {
  // What was linked before the dialog opened; a chat more means that the code was used.
  const [before] = useState(() => new Set(known.map(({ id }) => id)));
  const [code, setCode] = useState<TelegramCode | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const profile = useNotifications(askMs);
  const linked = profile.data?.telegram.find(({ id }) => !before.has(id));
  const askCode = () => {
    setCode(null);
    setFault(null);
    command<TelegramCode>('POST', '/v1/notifications/telegram').then(setCode, setFault);
  };
  useEffect(askCode, []);
  return (
    <Modal title="Link a Telegram chat" onClose={onClose}>
      {fault === null ? null : <ProblemPanel error={fault} onRetry={askCode} />}
      {linked !== undefined ? (
        <Empty
          icon={<Send className="size-6" />}
          title={`${linked.label} is linked`}
          action={
            <button type="button" className="button primary" onClick={onClose}>
              Done
            </button>
          }
        >
          You are told there from now on. Write /help to see the commands.
        </Empty>
      ) : code === null ? (
        fault === null ? (
          <div role="status" aria-label="Asking for a code" className="skeleton h-32" />
        ) : null
      ) : (
        <Code code={code} onRenew={askCode} />
      )}
    </Modal>
  );
}

function Code({ code, onRenew }: { readonly code: TelegramCode; readonly onRenew: () => void }) {
  const now = useNow();
  const left = Date.parse(code.expiresAt) - now;
  if (left <= 0) {
    return (
      <Empty
        title="The code has expired"
        action={
          <button type="button" className="button primary" onClick={onRenew}>
            Get a new code
          </button>
        }
      >
        A code works for ten minutes, once.
      </Empty>
    );
  }
  return (
    <div className="flex flex-col gap-4 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-3 rounded-xl border border-line bg-canvas p-4">
        <code data-testid="link-code" className="text-2xl font-bold tracking-widest">
          {code.code}
        </code>
        <CopyButton text={`/link ${code.code}`} />
      </div>
      <ol className="flex list-decimal flex-col gap-1 pl-5">
        <li>
          {code.link === '' ? (
            'Open the chat with the bot of your operator.'
          ) : (
            <a className="link inline-flex items-center gap-1" href={code.link} target="_blank" rel="noreferrer">
              Open the bot in Telegram <ExternalLink aria-hidden="true" className="size-3.5" />
            </a>
          )}
        </li>
        <li>
          {code.link === '' ? 'Send' : 'Press Start there, or send'} <code>/link {code.code}</code>
        </li>
      </ol>
      <p role="status" className="text-quiet">
        Waiting for Telegram … The code works once, for another <span className="num">{age(left)}</span>.
      </p>
    </div>
  );
}
