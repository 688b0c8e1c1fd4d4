import { CircleCheck, Mail } from 'lucide-react';
import { useState } from 'react';
import type { NotificationProfile } from '../generated/api.js';
import { Confirm } from '../ui/confirm.js';
import { Field } from '../ui/field.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';
import { ChannelSection, TestButton, useProfileChange } from './notification-channel.js';

/** One address, proved by a code before anything else goes there. */
export function Email({ profile }: { readonly profile: NotificationProfile }) {
  const { email } = profile;
  return (
    <ChannelSection title="E-mail" channel="email" profile={profile}>
      {email === null ? <AddressForm /> : email.verified ? <Proved address={email.address} /> : null}
      {email !== null && !email.verified ? <CodeForm address={email.address} /> : null}
    </ChannelSection>
  );
}

function AddressForm() {
  const change = useProfileChange();
  const [address, setAddress] = useState('');
  const sending = useSending({
    pointers: ['/address'],
    faults: address.trim() === '' ? { '/address': 'Type your address.' } : {},
    send: async () => {
      await change('POST', '/email', { address });
      toastDone('A code is on its way', address);
    },
  });
  return (
    <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-3">
      <Field label="Address" help="You get a code there first." fault={sending.faults['/address']}>
        {(attributes) => (
          <input
            {...attributes}
            className="input"
            type="email"
            autoComplete="email"
            value={address}
            onChange={(event) => {
              setAddress(event.target.value);
              sending.touch('');
            }}
          />
        )}
      </Field>
      <FormProblem sending={sending} />
      <button type="submit" className="button small self-start" disabled={sending.busy}>
        <Mail aria-hidden="true" className="size-4" /> Send me a code
      </button>
    </form>
  );
}

function CodeForm({ address }: { readonly address: string }) {
  const change = useProfileChange();
  const [code, setCode] = useState('');
  const sending = useSending({
    pointers: ['/code'],
    faults: code.trim() === '' ? { '/code': 'Type the code from the mail.' } : {},
    send: async () => {
      await change('POST', '/email/verify', { code });
      toastDone(`${address} is proved`);
    },
  });
  return (
    <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-3">
      <p>
        A code went to <strong className="break-all">{address}</strong>. It works for half an hour.
      </p>
      <Field label="Code" fault={sending.faults['/code']}>
        {(attributes) => (
          <input
            {...attributes}
            className="input font-mono"
            autoComplete="one-time-code"
            value={code}
            onChange={(event) => {
              setCode(event.target.value);
              sending.touch('');
            }}
          />
        )}
      </Field>
      <FormProblem sending={sending} />
      <div className="flex flex-wrap gap-2">
        <button type="submit" className="button small primary" disabled={sending.busy}>
          Prove the address
        </button>
        <RemoveAddress address={address} />
      </div>
    </form>
  );
}

function Proved({ address }: { readonly address: string }) {
  return (
    <>
      <p className="flex items-center gap-2">
        <CircleCheck aria-hidden="true" className="size-4 flex-none text-up" />
        <strong className="min-w-0 break-all">{address}</strong>
      </p>
      <div className="mt-auto flex flex-wrap gap-2">
        <TestButton channel="email" label={address} />
        <RemoveAddress address={address} />
      </div>
    </>
  );
}

function RemoveAddress({ address }: { readonly address: string }) {
  const change = useProfileChange();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <button type="button" className="button small warned" onClick={() => setAsking(true)}>
        Remove
      </button>
      {asking ? (
        <Confirm
          title="Remove the address?"
          confirm="Remove the address"
          danger
          onClose={() => setAsking(false)}
          onConfirm={async () => {
            await change('DELETE', '/email');
            toastDone('The address is removed');
          }}
        >
          Nothing is sent to {address} any more.
        </Confirm>
      ) : null}
    </>
  );
}
