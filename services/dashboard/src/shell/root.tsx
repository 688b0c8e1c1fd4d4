import { useEffect, useSyncExternalStore } from 'react';
import { session } from '../api/session.js';
import { LiveProvider } from '../live/live-provider.js';
import { Toasts } from '../ui/toast.js';
import { Entrance } from './entrance.js';
import { Frame } from './frame.js';
import { LogInAgain } from './log-in-again.js';

const renewalCheckMs = 20_000;

/** The way in, or the page for whoever is in. The address stays, so that a log-in leads where one wanted to go. */
export function Root() {
  const state = useSyncExternalStore(session.onChange, session.state);
  const page = useSyncExternalStore(session.onChange, session.page);
  useEffect(() => {
    if (state !== 'open') return undefined;
    // A token is renewed before it ends, also when nobody clicks; a refusal ends the session and shows the way in.
    const timer = setInterval(() => void session.token().catch(() => undefined), renewalCheckMs);
    return () => clearInterval(timer);
  }, [state]);
  return (
    <>
      {state === 'out' ? (
        <Entrance />
      ) : (
        <LiveProvider key={page} isOpen={state === 'open'}>
          <Frame />
        </LiveProvider>
      )}
      {state === 'ended' ? <LogInAgain /> : null}
      <Toasts />
    </>
  );
}
