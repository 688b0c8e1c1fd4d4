import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import { ask, session } from '../api/session.js';
import { Store, useStore } from '../ui/store.js';
import { DataClock } from './data-clock.js';
import { fold } from './frames.js';
import { LiveConnection, type LiveStatus } from './live-connection.js';
import type { Rows } from './rows-by-key.js';

interface Live {
  readonly connection: LiveConnection;
  readonly status: Store<LiveStatus>;
  /** When the line was last alive, by this machine's clock; null before the first word. It says nothing of the data. */
  readonly heardAt: () => number | null;
  readonly dataClock: DataClock;
}

const LiveContext = createContext<Live | null>(null);

/** Everything that screens show at once when they are opened. */
const always = ['bots', 'orders', 'fills', 'activity', 'accounts', 'prices', 'state'] as const;

/** The answer to a change of one's own password, which ends the stream as well, may still be under way. */
const graceMs = 1_500;

interface LiveProviderProps {
  /** Whether the session stands. Without one the stream rests, and what it told stays where it is shown. */
  readonly isOpen: boolean;
  readonly children: ReactNode;
}

/** Opens the stream for the user who is logged in, and folds what it says into the cache of queries. */
export function LiveProvider({ isOpen, children }: LiveProviderProps) {
  const queries = useQueryClient();
  const live = useMemo<Live>(() => {
    const status = new Store<LiveStatus>('connecting');
    const dataClock = new DataClock();
    let heardAt: number | null = null;
    const connection = new LiveConnection({
      onFrames: (frames) => {
        const now = Date.now();
        for (const frame of frames) {
          dataClock.hear(frame, now);
          queries.setQueryData<Rows>(['live', frame.ch], (rows) => fold(rows, frame));
        }
      },
      onStatus: (next) => {
        if (next !== 'live') dataClock.restart();
        status.set(next);
      },
      onHeard: () => {
        heardAt = Date.now();
      },
      token: () => session.token(),
      // Whoever is logged out is asked nothing more: the answer ends the session, and the way in is shown.
      onShutOut: () => setTimeout(() => void ask({ method: 'GET', path: '/v1/me' }).catch(() => undefined), graceMs),
    });
    return { connection, status, heardAt: () => heardAt, dataClock };
  }, [queries]);
  useEffect(() => {
    const leave = always.map((channel) => live.connection.subscribe(channel));
    const forget = session.onRenewal((token) => live.connection.renew(token));
    return () => {
      forget();
      for (const each of leave) each();
    };
  }, [live]);
  useEffect(() => {
    if (!isOpen) return undefined;
    live.connection.start();
    return () => live.connection.stop();
  }, [live, isOpen]);
  return <LiveContext value={live}>{children}</LiveContext>;
}

export function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('useLive is used outside of LiveProvider');
  return live;
}

export const useLiveStatus = (): LiveStatus => useStore(useLive().status);

/** The rows of a channel, newest state; undefined until the first snapshot. Nothing is fetched: the stream brings it. */
export function useChannel<Row>(channel: string): readonly Row[] | undefined {
  const { connection } = useLive();
  useEffect(() => connection.subscribe(channel), [connection, channel]);
  const { data } = useQuery<Rows>({ queryKey: ['live', channel], queryFn: skipToken, staleTime: Infinity });
  return useMemo(() => (data === undefined ? undefined : ([...data.values()] as unknown as readonly Row[])), [data]);
}

const patienceMs = 4_000;

/** True when there has been no connection for so long that a skeleton would be a lie. */
export function useUnreachable(): boolean {
  const status = useLiveStatus();
  const [unreachable, setUnreachable] = useState(false);
  useEffect(() => {
    if (status === 'live') {
      setUnreachable(false);
      return undefined;
    }
    const timer = setTimeout(() => setUnreachable(true), patienceMs);
    return () => clearTimeout(timer);
  }, [status]);
  return unreachable;
}
