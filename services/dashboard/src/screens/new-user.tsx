import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { command } from '../api/session.js';
import { type Role, roles, roleWords } from '../domain/roles.js';
import type { User } from '../generated/api.js';
import { Field } from '../ui/field.js';
import { Modal } from '../ui/modal.js';
import { FormProblem, useSending } from '../ui/sending.js';
import { toastDone } from '../ui/toast.js';

/** Somebody else, with a first password that they change. */
export function NewUser({ onClose }: { readonly onClose: () => void }) {
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const sending = useSending({
    pointers: ['/email', '/password', '/role'],
    faults: {
      ...(email.trim() === '' ? { '/email': 'Whom do you let in?' } : {}),
      ...(password === '' ? { '/password': 'Give them a first one.' } : {}),
    },
    send: async () => {
      const user = await command<User>('POST', '/v1/users', { email: email.trim(), password, role });
      toastDone(`${user.email} may come in`, 'Tell them the first password, and to change it.');
      await queries.invalidateQueries({ queryKey: ['pages', '/v1/users'] });
      onClose();
    },
  });
  const { faults, forget } = sending;
  return (
    <Modal title="New user" onClose={onClose}>
      <form ref={sending.form} noValidate onSubmit={sending.onSubmit} className="flex flex-col gap-4">
        <Field label="E-mail" fault={faults['/email']}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              type="email"
              autoComplete="off"
              value={email}
              onChange={(event) => {
                setEmail(event.target.value);
                forget();
              }}
            />
          )}
        </Field>
        <Field
          label="First password"
          help="At least 12 characters. They change it on the page about themselves."
          fault={faults['/password']}
        >
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              type="password"
              autoComplete="new-password"
              value={password}
              onChange={(event) => {
                setPassword(event.target.value);
                forget();
              }}
            />
          )}
        </Field>
        <Field label="Role" help={roleWords[role].may} fault={faults['/role']}>
          {(attributes) => (
            <select
              {...attributes}
              className="input"
              value={role}
              onChange={(event) => setRole(roles.find((each) => each === event.target.value) ?? 'viewer')}
            >
              {roles.map((each) => (
                <option key={each} value={each}>
                  {roleWords[each].name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <FormProblem sending={sending} />
        <div className="flex justify-end gap-2 max-sm:*:flex-1">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button primary" disabled={sending.busy}>
            {sending.busy ? 'Creating …' : 'Create'}
          </button>
        </div>
      </form>
    </Modal>
  );
}
