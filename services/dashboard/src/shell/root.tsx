import { useEffect, useSyncExternalStore } from 'react';
import { session } from '../api/session.js';
import { LiveProvider } from '../live/live-provider.js';
import { Toasts } from '../ui/toast.js';
import { Entrance } from './entrance.js';
import { Frame } from './frame.js';

const renewalCheckMs = 20_000;

/** The way in, or the page for whoever is in. The address stays, so that a log-in leads where one wanted to go. */
export function Root() {
  const open = useSyncExternalStore(session.onChange, session.isOpen);
  useEffect(() => {
    if (!open) return undefined;
    // A token is renewed before it ends, also when nobody clicks; a refusal ends the session and shows the way in.
    const timer = setInterval(() => void session.token().catch(() => undefined), renewalCheckMs);
    return () => clearInterval(timer);
  }, [open]);
  return (
    <>
      {open ? (
        <LiveProvider>
          <Frame />
        </LiveProvider>
      ) : (
        <Entrance />
      )}
      <Toasts />
    </>
  );
}
