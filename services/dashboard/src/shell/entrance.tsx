import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { request } from '../api/request.js';
import { session } from '../api/session.js';
import type { Session, SetupState } from '../generated/api.js';
import { ProblemPanel } from '../ui/data-state.js';
import { Brand } from './brand.js';
import { CredentialsForm, type CredentialsInput, emailInput, logInInputs } from './credentials-form.js';

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
        <div className="mb-6">
          <Brand large />
        </div>
        {setup.isPending ? <p className="text-quiet">Looking for the gateway …</p> : null}
        {setup.isError ? <ProblemPanel error={setup.error} onRetry={() => void setup.refetch()} /> : null}
        {setup.data ? setup.data.needed ? <SetUp /> : <LogIn /> : null}
      </div>
    </main>
  );
}

const setUpInputs: readonly CredentialsInput[] = [
  {
    name: 'token',
    label: 'Set-up token',
    type: 'password',
    autoComplete: 'off',
    help: 'It belongs to whoever started the platform: SCALPSTORM_SETUP_TOKEN of the gateway.',
  },
  { ...emailInput, label: 'Your e-mail' },
  {
    name: 'password',
    label: 'New password',
    type: 'password',
    autoComplete: 'new-password',
    help: 'At least 12 characters; a sentence is better than a puzzle.',
  },
];

const openHere = (next: Session): void => session.open(next);

function LogIn() {
  return (
    <CredentialsForm inputs={logInInputs} submit="Log in" path="/v1/auth/login" onSession={openHere}>
      <Welcome title="Log in">Your bots, orders and money, on one page.</Welcome>
    </CredentialsForm>
  );
}

function SetUp() {
  const queries = useQueryClient();
  return (
    <CredentialsForm
      inputs={setUpInputs}
      submit="Set up"
      path="/v1/setup"
      onSession={openHere}
      onRefused={({ code }) => {
        if (code === 'ALREADY_SET_UP') void queries.invalidateQueries({ queryKey: ['setup'] });
      }}
    >
      <Welcome title="Welcome">This platform has no user yet. You become its administrator.</Welcome>
    </CredentialsForm>
  );
}

function Welcome({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
      <p className="mt-1 text-quiet">{children}</p>
    </div>
  );
}
