import { Webhook as WebhookIcon } from 'lucide-react';
import { useState } from 'react';
import type { NotificationProfile } from '../generated/api.js';
import { Confirm } from '../ui/confirm.js';
import { Field } from '../ui/field.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { ShownOnce } from '../ui/shown-once.js';
import { toastDone } from '../ui/toast.js';
import { ChannelSection, TestButton, useProfileChange } from './notification-channel.js';

/** A server of one's own; what it gets is signed with a secret that is shown once. */
export function Webhook({ profile }: { readonly profile: NotificationProfile }) {
  const [secret, setSecret] = useState<string | null>(null);
  const [replacing, setReplacing] = useState(false);
  const { webhook } = profile;
  return (
    <ChannelSection title="Webhook" channel="webhook" profile={profile}>
      {webhook === null || replacing ? (
        <UrlForm
          onSet={(given) => {
            setSecret(given);
            setReplacing(false);
          }}
          {...(webhook === null ? {} : { onCancel: () => setReplacing(false) })}
        />
      ) : (
        <Known url={webhook.url} onReplace={() => setReplacing(true)} />
      )}
      {secret === null ? null : (
        <ShownOnce title="The secret of your webhook" secret={secret} onClose={() => setSecret(null)}>
          Every message is signed with it. Keep it now: it is sealed and never shown again.
        </ShownOnce>
      )}
    </ChannelSection>
  );
}

interface UrlFormProps {
  readonly onSet: (secret: string) => void;
  readonly onCancel?: () => void;
}

function UrlForm({ onSet, onCancel }: UrlFormProps) {
  const change = useProfileChange();
  const [url, setUrl] = useState('');
  const sending = useSending({
    pointers: ['/url'],
    faults: url.trim() === '' ? { '/url': 'Type the address of your server.' } : {},
    send: async () => {
      onSet((await change<NotificationProfile & { readonly secret: string }>('POST', '/webhook', { url })).secret);
    },
  });
  return (
    <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-3">
      <Field
        label="URL"
        help="A signed POST for every message. You get the secret once."
        fault={sending.faults['/url']}
      >
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            type="url"
            autoComplete="off"
            placeholder="https://example.com/scalpstorm"
            value={url}
            onChange={(event) => {
              setUrl(event.target.value);
              sending.touch('');
            }}
          />
        )}
      </Field>
      <FormProblem sending={sending} />
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button small" disabled={sending.busy}>
          <WebhookIcon aria-hidden="true" className="size-4" /> Set the webhook
        </button>
        {onCancel === undefined ? null : (
          <button type="button" className="button small ghost" onClick={onCancel}>
            Keep the old one
          </button>
        )}
      </div>
    </form>
  );
}

function Known({ url, onReplace }: { readonly url: string; readonly onReplace: () => void }) {
  const change = useProfileChange();
  const [removing, setRemoving] = useState(false);
  return (
    <>
      <p>
        <code className="text-xs break-all">{url}</code>
        <span className="mt-1 block text-quiet">Signed with a secret that only you and the service have.</span>
      </p>
      <div className="mt-auto flex flex-wrap gap-2">
        <TestButton channel="webhook" label="the webhook" />
        <button type="button" className="button small" onClick={onReplace}>
          Replace
        </button>
        <button type="button" className="button small warned" onClick={() => setRemoving(true)}>
          Remove
        </button>
      </div>
      {removing ? (
        <Confirm
          title="Remove the webhook?"
          confirm="Remove the webhook"
          danger
          onClose={() => setRemoving(false)}
          onConfirm={async () => {
            await change('DELETE', '/webhook');
            toastDone('The webhook is removed');
          }}
        >
          Nothing is sent there any more, and its secret is forgotten.
        </Confirm>
      ) : null}
    </>
  );
}
