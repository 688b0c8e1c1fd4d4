import { LoaderCircle } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { request } from '../api/request.js';
import { asProblem, type Problem } from '../domain/problem.js';
import { missingFields, sortRefusals } from '../domain/refused-fields.js';
import type { Session } from '../generated/api.js';
import { Field } from '../ui/field.js';

export interface CredentialsInput {
  readonly name: 'token' | 'email' | 'password';
  readonly label: string;
  readonly type: 'email' | 'password';
  readonly autoComplete: string;
  readonly help?: string;
}

export const emailInput: CredentialsInput = {
  name: 'email',
  label: 'E-mail',
  type: 'email',
  autoComplete: 'username',
};
export const logInInputs: readonly CredentialsInput[] = [
  emailInput,
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
];

interface CredentialsFormProps {
  readonly inputs: readonly CredentialsInput[];
  readonly submit: string;
  readonly path: string;
  /** Who is expected; only the rest is to be typed then. */
  readonly email?: string | undefined;
  readonly onSession: (session: Session) => Promise<void> | void;
  readonly onRefused?: (problem: Problem) => void;
  readonly children: ReactNode;
}

/** What a session is asked for with. Nothing of it is kept: the inputs are read when they are sent. */
export function CredentialsForm(props: CredentialsFormProps) {
  const { inputs, submit, path, email, onSession, onRefused, children } = props;
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const pointers = inputs.map(({ name }) => `/${name}`);
  const refusals = problem === null ? null : sortRefusals(problem, pointers);
  useEffect(() => {
    if (problem !== null) form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  useEffect(() => {
    if (email !== undefined) form.current?.querySelector<HTMLInputElement>('[name="password"]')?.focus();
  }, [email]);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.currentTarget).entries());
    const missing = missingFields(body);
    if (missing !== null) {
      setProblem(missing);
      return;
    }
    setBusy(true);
    try {
      await onSession((await request({ method: 'POST', path, body })) as Session);
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      setBusy(false);
      onRefused?.(refused);
    }
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void send(event)} className="flex flex-col gap-4">
      {children}
      {inputs.map(({ name, label, type, autoComplete, help }) => (
        <Field key={name} label={label} help={help} fault={refusals?.byField[`/${name}`]}>
          {(attributes) => (
            <input
              {...attributes}
              className="input"
              name={name}
              type={type}
              autoComplete={autoComplete}
              defaultValue={name === 'email' ? email : undefined}
              required
            />
          )}
        </Field>
      ))}
      {problem !== null && refusals !== null && Object.keys(refusals.byField).length === 0 ? (
        <div role="alert" className="rounded-xl border border-down/40 bg-down/10 p-3 text-sm">
          <p className="font-semibold">{problem.title}</p>
          {refusals.others.map(({ code, text }) => (
            <p key={code}>
              {text} <span className="font-mono text-xs text-quiet">{code}</span>
            </p>
          ))}
        </div>
      ) : null}
      <button type="submit" className="button primary" disabled={busy}>
        {busy ? <LoaderCircle aria-hidden="true" className="size-4 animate-spin" /> : null}
        {submit}
      </button>
    </form>
  );
}
