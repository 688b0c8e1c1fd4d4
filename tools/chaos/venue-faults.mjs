import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../recovery/run.mjs';

const requestMs = 5_000;
const countedMs = 6_000;
const awayMs = 60_000;
/** It is taken away; should we die, it ends by itself. */
const graceMs = 10_000;

/** The exchange's own fault switch (docs/sim-exchange.md), past the proxies. */
export function createVenueFaults({ rest }) {
  const call = async (method, body) => {
    const response = await fetch(`${rest}/sim/faults`, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(requestMs),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} /sim/faults: ${response.status} ${text}`);
    return JSON.parse(text);
  };
  /** The exchange may be away: it has just been killed, or stands still. */
  const patiently = async (...given) => {
    let answer;
    let failure;
    const answered = await until(async () => {
      answer = await call(...given).catch((error) => {
        failure = error;
      });
      return answer !== undefined;
    }, awayMs);
    if (!answered) throw failure;
    return answer;
  };

  return {
    /** Until it has hit as often as it should, or its time is over; then it is gone. @returns {Promise<number>} how often it hit */
    carryOut: async (fault, lastsMs, meanwhile = async () => undefined) => {
      const { id } = await patiently('POST', lastsMs === null ? fault : { ...fault, durationMs: lastsMs + graceMs });
      const active = async () => (await patiently('GET')).faults.find((known) => known.id === id);
      let hits = 0;
      const over = async () => {
        const known = await active();
        hits = Math.max(hits, known?.hits ?? fault.count ?? 0);
        return known === undefined;
      };
      await meanwhile();
      if (lastsMs === null) await until(over, countedMs);
      else await delay(lastsMs);
      await over();
      await patiently('DELETE');
      return hits;
    },
    clear: () => patiently('DELETE'),
  };
}
