import {
  copiesMax,
  countMax,
  delayMsMax,
  durationMsMax,
  type EffectOf,
  type FaultKind,
  type FaultRule,
  type FaultScope,
  holdMsMax,
  type Operation,
  operations,
  retryAfterSecondsMax,
  seedMax,
  skewMsMax,
  userStream,
  windowMax,
} from './fault-rule.js';

/** Which field of a body is wrong, and what it may be. */
export interface BodyRefusal {
  readonly field: string;
  readonly allowed: string;
}

interface WholeRange {
  readonly min: number;
  readonly max: number;
}

/** Reads the fields of an object one by one and remembers the first that is wrong; what it gives then is of no use. */
export class BodyReader {
  private wrong: BodyRefusal | null = null;
  private readonly known = new Set<string>();

  constructor(
    private readonly body: Readonly<Record<string, unknown>>,
    private readonly prefix = '',
  ) {}

  whole(name: string, { min, max }: WholeRange, usual?: number): number {
    const value = this.take(name, usual);
    if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
    return this.refuse(name, `a whole number from ${min} to ${max}`, min);
  }

  wholeOrNull(name: string, range: WholeRange): number | null {
    return this.take(name, null) === null ? null : this.whole(name, range);
  }

  probability(name: string): number {
    const value = this.take(name, 1);
    if (typeof value === 'number' && value > 0 && value <= 1) return value;
    return this.refuse(name, 'a number above 0 and up to 1', 1);
  }

  flag(name: string, usual: boolean): boolean {
    const value = this.take(name, usual);
    return typeof value === 'boolean' ? value : this.refuse(name, 'true or false', usual);
  }

  oneOf<const Value extends string | number>(name: string, values: readonly Value[], usual: Value): Value {
    const value = this.take(name, usual);
    const found = values.find((one) => one === value);
    return found ?? this.refuse(name, `one of ${values.join(', ')}`, usual);
  }

  textOrNull(
    name: string,
    { pattern, allowed }: { readonly pattern: RegExp; readonly allowed: string },
  ): string | null {
    const value = this.take(name, null);
    if (value === null || (typeof value === 'string' && pattern.test(value))) return value;
    return this.refuse(name, `${allowed}, or null`, null);
  }

  /** A part of the body, read by a reader of its own. */
  object<Part>(name: string, read: (reader: BodyReader) => Part): Part {
    const value = this.take(name, {});
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) this.refuse(name, 'an object', null);
    const reader = new BodyReader(isObject ? (value as Record<string, unknown>) : {}, `${this.prefix}${name}.`);
    const part = read(reader);
    this.wrong ??= reader.refusal();
    return part;
  }

  refuse<Value>(name: string, allowed: string, instead: Value): Value {
    this.wrong ??= { field: `${this.prefix}${name}`, allowed };
    return instead;
  }

  /** Null when every field was right and none was left over: a misspelt field must not be ignored. */
  refusal(): BodyRefusal | null {
    const unknown = Object.keys(this.body).find((name) => !this.known.has(name));
    if (this.wrong !== null || unknown === undefined) return this.wrong;
    const allowed = this.known.size === 0 ? 'left out' : `one of ${[...this.known].join(', ')}`;
    return { field: `${this.prefix}${unknown}`, allowed };
  }

  private take(name: string, usual: unknown): unknown {
    this.known.add(name);
    return Object.hasOwn(this.body, name) ? this.body[name] : usual;
  }
}

const delay = { min: 0, max: delayMsMax };
const retryAfter = { min: 1, max: retryAfterSecondsMax };
const closeCodeLost = 1006;

const effects: { readonly [Kind in FaultKind]: (body: BodyReader) => EffectOf<Kind> } = {
  latency: (body) => ({
    kind: 'latency',
    delayMs: body.whole('delayMs', delay),
    spreadMs: body.whole('spreadMs', delay, 0),
  }),
  'drop-answer': (body) => ({
    kind: 'drop-answer',
    as: body.oneOf('as', ['cut', 'silence', '503', '504'], 'cut'),
  }),
  'late-placement': (body) => ({ kind: 'late-placement', delayMs: body.whole('delayMs', { min: 1, max: delayMsMax }) }),
  'rate-limit': (body) => ({
    kind: 'rate-limit',
    retryAfterSeconds: body.whole('retryAfterSeconds', retryAfter, 1),
    code: body.oneOf('code', [-1003, -1015], -1003),
  }),
  ban: (body) => ({ kind: 'ban', retryAfterSeconds: body.whole('retryAfterSeconds', retryAfter, 120) }),
  'server-error': (body) => ({
    kind: 'server-error',
    status: body.oneOf('status', [500, 502, 503, 504], 500),
    code: body.oneOf('code', [-1000, -1001, -1008], -1001),
    executed: body.flag('executed', false),
  }),
  html: (body) => ({
    kind: 'html',
    status: body.oneOf('status', [403, 500, 502, 503, 504], 502),
    executed: body.flag('executed', false),
  }),
  'refuse-subscription': (body) => ({
    kind: 'refuse-subscription',
    code: body.oneOf('code', [-1000, -1003, -2015], -2015),
  }),
  'silent-socket': () => ({ kind: 'silent-socket' }),
  'cut-socket': (body) => ({ kind: 'cut-socket', closeCode: readCloseCode(body) }),
  duplicate: (body) => ({ kind: 'duplicate', copies: body.whole('copies', { min: 1, max: copiesMax }, 1) }),
  reorder: (body) => ({
    kind: 'reorder',
    window: body.whole('window', { min: 2, max: windowMax }, 4),
    holdMs: body.whole('holdMs', { min: 1, max: holdMsMax }, 200),
  }),
  'clock-skew': (body) => ({
    kind: 'clock-skew',
    offsetMs: body.whole('offsetMs', { min: -skewMsMax, max: skewMsMax }),
  }),
  'stale-read': (body) => ({ kind: 'stale-read', ageMs: body.whole('ageMs', { min: 1, max: delayMsMax }) }),
};

export const faultKinds = Object.keys(effects) as FaultKind[];

function readCloseCode(body: BodyReader): number {
  const code = body.whole('closeCode', { min: 1000, max: 4999 }, closeCodeLost);
  const isSendable = code === 1000 || code === 1001 || (code >= 1007 && code <= 1014) || code >= 3000;
  if (isSendable || code === closeCodeLost) return code;
  return body.refuse('closeCode', '1000, 1001, 1006 (lost without a word), 1007 to 1014 or 3000 to 4999', code);
}

const routePattern = { pattern: /^[A-Za-z0-9/._-]{1,100}$/, allowed: 'a path or a method of the websocket API' };
const methodPattern = { pattern: /^(GET|POST|PUT|DELETE)$/, allowed: 'GET, POST, PUT or DELETE' };
const accountPattern = { pattern: /^[A-Za-z0-9_-]{1,128}$/, allowed: 'an API key' };
const streamPattern = { pattern: /^[\w@!.:+-]{1,100}$/, allowed: `the start of a stream's name, or ${userStream}` };

const socketKinds: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'refuse-subscription',
  'silent-socket',
  'cut-socket',
  'duplicate',
  'reorder',
]);
/** They last or not: chance has no place in them. */
const steadyKinds: ReadonlySet<FaultKind> = new Set<FaultKind>(['silent-socket', 'cut-socket', 'clock-skew']);

/** A fault as `POST /sim/faults` takes it. */
export function readFault(body: Readonly<Record<string, unknown>>): FaultRule | BodyRefusal {
  const named = faultKinds.find((one) => one === body['kind']);
  if (named === undefined) return { field: 'kind', allowed: `one of ${faultKinds.join(', ')}` };
  const reader = new BodyReader(body);
  const kind = reader.oneOf('kind', faultKinds, named);
  const effect = effects[kind](reader);
  const isSteady = steadyKinds.has(kind);
  const rule: FaultRule = {
    effect,
    scope: readScope(reader, kind),
    count: isSteady && kind !== 'cut-socket' ? null : reader.wholeOrNull('count', { min: 1, max: countMax }),
    durationMs: reader.wholeOrNull('durationMs', { min: 1, max: durationMsMax }),
    probability: isSteady ? 1 : reader.probability('probability'),
    seed: reader.whole('seed', { min: 0, max: seedMax }, 1),
  };
  return reader.refusal() ?? rule;
}

const usualOperations: Partial<Record<FaultKind, Operation>> = { 'late-placement': 'place', 'stale-read': 'read' };

/** Only those fields that the kind can have: a scope that would never be looked at is a mistake of the caller. */
function readScope(body: BodyReader, kind: FaultKind): FaultScope {
  const everywhere: FaultScope = { operation: null, route: null, method: null, account: null, stream: null };
  if (kind === 'clock-skew') return everywhere;
  return body.object('scope', (scope) => {
    const account = scope.textOrNull('account', accountPattern);
    if (socketKinds.has(kind)) {
      const stream = scope.textOrNull('stream', streamPattern);
      return { ...everywhere, account, stream: kind === 'refuse-subscription' ? (stream ?? userStream) : stream };
    }
    const usual = usualOperations[kind] ?? 'any';
    const operation = scope.oneOf('operation', [...operations, 'any'], usual);
    const route = scope.textOrNull('route', routePattern);
    const method = scope.textOrNull('method', methodPattern);
    return { ...everywhere, account, route, method, operation: operation === 'any' ? null : operation };
  });
}
