import { BodyReader, type BodyRefusal, readFault } from './fault-reading.js';
import { countMax, delayMsMax, type FaultRule } from './fault-rule.js';
import type { FaultSwitch, ListedFault } from './fault-switch.js';
import type { RestAnswer, RestRequest } from './rest-api.js';

const guide = 'see "Faults" in docs/sim-exchange.md';

/** `/sim/faults`: sets, lists and clears faults. An error names the field and what it may be. */
export class FaultAdmin {
  /** The faults that `{"place"}` set: a short form for the two that order placement is tested with most. */
  private placeIds: readonly number[] = [];

  constructor(private readonly faults: FaultSwitch) {}

  /** Null when the path is none of ours. */
  handle({ method, path, body }: RestRequest): RestAnswer | null {
    if (path === '/sim/faults') {
      if (method === 'GET') return this.state();
      if (method === 'POST') return this.set(body);
      if (method !== 'DELETE') return null;
      this.faults.clear();
      return this.state();
    }
    const id = /^\/sim\/faults\/(\d{1,9})$/.exec(path)?.[1];
    if (id === undefined || method !== 'DELETE') return null;
    if (this.faults.remove(Number(id))) return this.state();
    return refused(404, 'SIM_NO_SUCH_FAULT', { field: 'id', allowed: 'the id of a fault that GET /sim/faults lists' });
  }

  private state(): RestAnswer {
    const faults = this.faults.list();
    return { status: 200, body: { place: this.place(faults), faults: faults.map(faultRow) } };
  }

  private set(text: string): RestAnswer {
    const body = readObject(text);
    if (body === null) return refused(400, 'SIM_BAD_FAULT', { field: 'body', allowed: 'a JSON object' });
    if (Object.hasOwn(body, 'place')) return this.setPlace(body['place']);
    const rule = readFault(body);
    if ('field' in rule) return refused(400, 'SIM_BAD_FAULT', rule);
    const fault = this.faults.add(rule);
    return fault === null ? this.tooMany() : { status: 200, body: faultRow(fault) };
  }

  private setPlace(value: unknown): RestAnswer {
    const rules = readPlace(value);
    if ('field' in rules) return refused(400, 'SIM_BAD_FAULT', rules);
    for (const id of this.placeIds) this.faults.remove(id);
    const added = rules.map((rule) => this.faults.add(rule));
    this.placeIds = added.flatMap((fault) => (fault === null ? [] : [fault.id]));
    return added.includes(null) ? this.tooMany() : this.state();
  }

  private place(faults: readonly ListedFault[]): object | null {
    const own = faults.filter(({ id }) => this.placeIds.includes(id));
    const count = own[0]?.left;
    if (count === undefined) return null;
    const delayMs = own.reduce((sum, { rule: { effect } }) => sum + ('delayMs' in effect ? effect.delayMs : 0), 0);
    return { delayMs, dropAnswer: own.some(({ rule }) => rule.effect.kind === 'drop-answer'), count };
  }

  private tooMany(): RestAnswer {
    return refused(409, 'SIM_TOO_MANY_FAULTS', {
      field: 'faults',
      allowed: 'at most 100 at a time; DELETE /sim/faults',
    });
  }
}

function faultRow({ id, rule, left, hits, endsInMs }: ListedFault): object {
  const { effect, scope, probability, seed } = rule;
  const narrowed = Object.entries(scope).filter(([, value]) => value !== null);
  return { id, ...effect, scope: Object.fromEntries(narrowed), left, endsInMs, probability, seed, hits };
}

/** `{delayMs, dropAnswer, count}` for order placements, or null to end them. */
function readPlace(value: unknown): readonly FaultRule[] | BodyRefusal {
  if (value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return { field: 'place', allowed: 'an object or null' };
  const reader = new BodyReader(value as Record<string, unknown>, 'place.');
  const delayMs = reader.whole('delayMs', { min: 0, max: delayMsMax }, 0);
  const dropAnswer = reader.flag('dropAnswer', false);
  const count = reader.whole('count', { min: 0, max: countMax }, 1);
  const wrong = reader.refusal();
  if (wrong !== null) return wrong;
  if (count === 0) return [];
  const scope = { operation: 'place', route: null, method: null, account: null, stream: null } as const;
  const rule = { scope, count, durationMs: null, probability: 1, seed: 1 };
  return [
    ...(delayMs > 0 || !dropAnswer ? [{ ...rule, effect: { kind: 'latency', delayMs, spreadMs: 0 } as const }] : []),
    ...(dropAnswer ? [{ ...rule, effect: { kind: 'drop-answer', as: 'cut' } as const }] : []),
  ];
}

const refused = (status: number, code: string, { field, allowed }: BodyRefusal): RestAnswer => ({
  status,
  body: { code, field, allowed, next: guide },
});

export function readObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
