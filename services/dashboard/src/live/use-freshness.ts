import { useEffect, useState } from 'react';
import type { LiveStatus } from './live-connection.js';
import { useLive, useLiveStatus } from './live-provider.js';

/** Older than this is late; the gateway sends something at least every few seconds. */
const staleMs = 10_000;
const tickMs = 500;

export interface Freshness {
  readonly status: LiveStatus;
  /** How old what is shown is, in milliseconds; null before the first word. */
  readonly ageMs: number | null;
  /** It must not be taken for the present. */
  readonly stale: boolean;
}

/** Whether what is on the screen is true now. */
export function useFreshness(): Freshness {
  const { heardAt } = useLive();
  const status = useLiveStatus();
  const [ageMs, setAgeMs] = useState<number | null>(null);
  useEffect(() => {
    const read = () => {
      const at = heardAt();
      setAgeMs(at === null ? null : Date.now() - at);
    };
    read();
    const timer = setInterval(read, tickMs);
    return () => clearInterval(timer);
  }, [heardAt]);
  return { status, ageMs, stale: ageMs !== null && (status !== 'live' || ageMs > staleMs) };
}
