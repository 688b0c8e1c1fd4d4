import { useQuery, useQueryClient } from '@tanstack/react-query';
import { LoaderCircle } from 'lucide-react';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { request } from '../api/request.js';
import { session } from '../api/session.js';
import { asProblem, type Problem } from '../domain/problem.js';
import { sortRefusals } from '../domain/refused-fields.js';
import type { Session, SetupState } from '../generated/api.js';
import { ProblemPanel } from '../ui/data-state.js';
import { Field } from '../ui/field.js';
import { Brand } from './brand.js';

/** Log-in, or the set-up of the first user when there is none. */
export function Entrance() {
  const setup = useQuery({
    queryKey: ['setup'],
    queryFn: () => request({ method: 'GET', path: '/v1/setup' }) as Promise<SetupState>,
    staleTime: 0,
  });
  return (
    <main id="main" className="grid min-h-dvh place-items-center p-4">
      <title>Scalpstorm</title>
      <div className="card w-full max-w-md p-6 sm:p-8">
        <Brand large />
        {setup.isPending ? <p className="mt-6 text-quiet">Looking for the gateway …</p> : null}
        {setup.isError ? <ProblemPanel error={setup.error} onRetry={() => void setup.refetch()} /> : null}
        {setup.data ? setup.data.needed ? <SetUp /> : <LogIn /> : null}
      </div>
    </main>
  );
}

interface Input {
  readonly name: 'token' | 'email' | 'password';
  readonly label: string;
  readonly type: 'email' | 'password';
  readonly autoComplete: string;
  readonly help?: string;
}

const email: Input = { name: 'email', label: 'E-mail', type: 'email', autoComplete: 'username' };
const logInInputs: readonly Input[] = [
  email,
  { name: 'password', label: 'Password', type: 'password', autoComplete: 'current-password' },
];
const setUpInputs: readonly Input[] = [
  {
    name: 'token',
    label: 'Set-up token',
    type: 'password',
    autoComplete: 'off',
    help: 'It belongs to whoever started the platform: SCALPSTORM_SETUP_TOKEN of the gateway.',
  },
  { ...email, label: 'Your e-mail' },
  {
    name: 'password',
    label: 'New password',
    type: 'password',
    autoComplete: 'new-password',
    help: 'At least 12 characters; a sentence is better than a puzzle.',
  },
];

function LogIn() {
  return (
    <Form title="Log in" inputs={logInInputs} submit="Log in" path="/v1/auth/login">
      Your bots, orders and money, on one page.
    </Form>
  );
}

function SetUp() {
  const queries = useQueryClient();
  return (
    <Form
      title="Welcome"
      inputs={setUpInputs}
      submit="Set up"
      path="/v1/setup"
      onRefused={({ code }) => {
        if (code === 'ALREADY_SET_UP') void queries.invalidateQueries({ queryKey: ['setup'] });
      }}
    >
      This platform has no user yet. You become its administrator.
    </Form>
  );
}

interface FormProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly inputs: readonly Input[];
  readonly submit: string;
  readonly path: string;
  readonly onRefused?: (problem: Problem) => void;
}

function Form({ title, children, inputs, submit, path, onRefused }: FormProps) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [busy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const refusals =
    problem === null
      ? null
      : sortRefusals(
          problem,
          inputs.map(({ name }) => `/${name}`),
        );
  useEffect(() => {
    if (problem !== null) form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const body = Object.fromEntries(new FormData(event.currentTarget).entries());
    setBusy(true);
    try {
      session.open((await request({ method: 'POST', path, body })) as Session);
    } catch (error) {
      const refused = asProblem(error);
      setProblem(refused);
      setBusy(false);
      onRefused?.(refused);
    }
  };
  return (
    <form ref={form} noValidate onSubmit={(event) => void send(event)} className="mt-6 flex flex-col gap-4">
      <div>
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <p className="mt-1 text-quiet">{children}</p>
      </div>
      {inputs.map(({ name, label, type, autoComplete, help }) => (
        <Field key={name} label={label} help={help} fault={refusals?.byField[`/${name}`]}>
          {(attributes) => (
            <input {...attributes} className="input" name={name} type={type} autoComplete={autoComplete} required />
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
