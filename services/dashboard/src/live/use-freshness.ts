import { useEffect, useState } from 'react';
import { oldMs } from '../domain/price-age.js';
import type { LiveStatus } from './live-connection.js';
import { useLive, useLiveStatus } from './live-provider.js';

/** Older than this is late; the gateway sends something at least every few seconds. */
const lineLateMs = 10_000;
const tickMs = 500;

export interface Freshness {
  readonly status: LiveStatus;
  /** How old the newest price is, in milliseconds; null before the first. Nothing else must come all the time. */
  readonly dataMs: number | null;
  /** How long the line has been silent, in milliseconds; null before the first word. */
  readonly silentMs: number | null;
  /** The line is lost or silent: nothing that is shown must be taken for the present. */
  readonly stale: boolean;
  /** The line is well and brings no prices. */
  readonly pricesLate: boolean;
}

interface Ages {
  readonly dataMs: number | null;
  readonly silentMs: number | null;
}

/** Whether what is on the screen is true now. */
export function useFreshness(): Freshness {
  const { heardAt, dataClock } = useLive();
  const status = useLiveStatus();
  const [{ dataMs, silentMs }, setAges] = useState<Ages>({ dataMs: null, silentMs: null });
  useEffect(() => {
    const read = () => {
      const now = Date.now();
      const at = heardAt();
      setAges({ dataMs: dataClock.ageOf('prices', now), silentMs: at === null ? null : now - at });
    };
    read();
    const timer = setInterval(read, tickMs);
    return () => clearInterval(timer);
  }, [heardAt, dataClock]);
  const stale = silentMs !== null && (status !== 'live' || silentMs > lineLateMs);
  return { status, dataMs, silentMs, stale, pricesLate: !stale && dataMs !== null && dataMs > oldMs };
}
