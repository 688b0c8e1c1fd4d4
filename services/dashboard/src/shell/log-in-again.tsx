import { useQueryClient } from '@tanstack/react-query';
import { request } from '../api/request.js';
import { session } from '../api/session.js';
import type { Session, User } from '../generated/api.js';
import { Modal } from '../ui/modal.js';
import { CredentialsForm, logInInputs } from './credentials-form.js';

/** Over the page of whose session has ended: it stays as it is, and goes on when the same user is in again. */
export function LogInAgain() {
  const queries = useQueryClient();
  const before = queries.getQueryData<User>(['me']);
  const goOn = async (next: Session) => {
    const user = (await request({ method: 'GET', path: '/v1/me', token: next.accessToken })) as User;
    const isSameUser = user.id === before?.id;
    session.open(next, isSameUser);
    // The role may be another by now.
    if (isSameUser) queries.setQueryData(['me'], user);
  };
  return (
    <Modal title="Log in again">
      <CredentialsForm
        inputs={logInInputs}
        submit="Log in"
        path="/v1/auth/login"
        email={before?.email}
        onSession={goOn}
      >
        <p className="text-sm">
          Your log-in has ended. The page behind this stays as it is, with what you have typed; somebody else who logs
          in here sees nothing of it.
        </p>
      </CredentialsForm>
      <button type="button" className="button ghost mt-3 w-full" onClick={() => void session.logOut()}>
        Log out and leave this page
      </button>
    </Modal>
  );
}
