import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '../api/lists.js';
import { command, session } from '../api/session.js';
import type { Session } from '../generated/api.js';
import { Field } from '../ui/field.js';
import { Section } from '../ui/section.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';

const empty = { currentPassword: '', newPassword: '', repeated: '' };
type Name = keyof typeof empty;

const inputs: readonly { readonly name: Name; readonly label: string; readonly autoComplete: string }[] = [
  { name: 'currentPassword', label: 'Password you have', autoComplete: 'current-password' },
  { name: 'newPassword', label: 'New password', autoComplete: 'new-password' },
  { name: 'repeated', label: 'New password again', autoComplete: 'new-password' },
];

function faultsOf({ currentPassword, newPassword, repeated }: typeof empty): Record<string, string> {
  return {
    ...(currentPassword === '' ? { '/currentPassword': 'Type the password that you logged in with.' } : {}),
    ...(newPassword === '' ? { '/newPassword': 'Type a new one.' } : {}),
    ...(repeated === newPassword ? {} : { '/repeated': 'It is not the same as above.' }),
  };
}

/** Whoever had the old password is out: the gateway ends every session, and this window gets the next one. */
export function ChangePassword() {
  // Each change begins with an empty form.
  const [round, setRound] = useState(0);
  return (
    <Section title="Password">
      <PasswordForm key={round} onChanged={() => setRound(round + 1)} />
    </Section>
  );
}

function PasswordForm({ onChanged }: { readonly onChanged: () => void }) {
  const queries = useQueryClient();
  const me = useMe().data;
  const [typed, setTyped] = useState(empty);
  const sending = useSending({
    pointers: inputs.map(({ name }) => `/${name}`),
    faults: faultsOf(typed),
    send: async () => {
      const { currentPassword, newPassword } = typed;
      session.replace(await command<Session>('POST', '/v1/me/password', { currentPassword, newPassword }));
      onChanged();
      toastDone('Your password is changed', 'Everywhere else you are logged out.');
      await queries.invalidateQueries({ queryKey: ['sessions'] });
    },
  });
  return (
    <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4 p-4">
      {/* So that a password manager knows whose it is. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.email ?? ''} readOnly />
      {inputs.map(({ name, label, autoComplete }) => (
        <Field
          key={name}
          label={label}
          help={name === 'newPassword' ? 'At least 12 characters; a sentence is better than a puzzle.' : undefined}
          fault={sending.faults[`/${name}`]}
        >
          {(attributes) => (
            <input
              {...attributes}
              className="input max-w-md"
              type="password"
              autoComplete={autoComplete}
              value={typed[name]}
              onChange={(event) => {
                setTyped({ ...typed, [name]: event.target.value });
                sending.forget();
              }}
            />
          )}
        </Field>
      ))}
      <FormProblem sending={sending} />
      <button type="submit" className="button primary self-start" disabled={sending.busy}>
        {sending.busy ? 'Changing …' : 'Change the password'}
      </button>
      <p className="text-xs text-quiet">You stay logged in here, and are logged out everywhere else.</p>
    </form>
  );
}
