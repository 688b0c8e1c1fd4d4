import { readObject } from './fault-admin.js';
import { BodyReader } from './fault-reading.js';
import type { RateLimitSettings, RateLimits } from './rate-limits.js';
import type { RestAnswer, RestRequest } from './rest-api.js';

export const weightMax = 1_000_000_000;

/** `/sim/limits`: tells and changes the venue's limits while it runs. */
export class RateLimitAdmin {
  constructor(private readonly limits: RateLimits) {}

  /** Null when the path is none of ours. */
  handle({ method, path, body }: RestRequest): RestAnswer | null {
    if (path !== '/sim/limits' || (method !== 'GET' && method !== 'POST')) return null;
    if (method === 'GET') return { status: 200, body: this.limits.settings };
    const settings = readSettings(readObject(body), this.limits.settings);
    if ('field' in settings) {
      const next = 'see "Limits" in docs/sim-exchange.md';
      return { status: 400, body: { code: 'SIM_BAD_LIMITS', ...settings, next } };
    }
    this.limits.change(settings);
    return { status: 200, body: settings };
  }
}

/** What is left out stays as it was. */
function readSettings(body: Readonly<Record<string, unknown>> | null, current: RateLimitSettings) {
  if (body === null) return { field: 'body', allowed: 'a JSON object' };
  const reader = new BodyReader(body);
  const limit = (name: keyof RateLimitSettings) => reader.whole(name, { min: 1, max: weightMax }, current[name]);
  const settings: RateLimitSettings = {
    weightPerMinute: limit('weightPerMinute'),
    ordersPer10Seconds: limit('ordersPer10Seconds'),
    ordersPerDay: limit('ordersPerDay'),
    refusalsPerMinute: limit('refusalsPerMinute'),
    banSeconds: limit('banSeconds'),
  };
  return reader.refusal() ?? settings;
}
