import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import fc from 'fast-check';
import { problemSchema } from '../src/handlers/http/openapi.js';
import { type Belongings, callOf, type OperationId, operationIds, routeOf, settle } from './api-calls.js';
import { GatewayRig, password, setupToken } from './gateway-rig.js';

type Schema = Readonly<Record<string, unknown>>;
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: Schema;
}
interface Operation {
  readonly operationId: OperationId;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: Schema } } };
}
interface Attack {
  readonly path: string;
  readonly query: string;
  readonly body: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

/** At the ends of what RFC 3339, a calendar and a timestamp can say, and beyond. */
const edges = [
  ...['0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '0099-12-31T23:59:59.999Z', '1582-10-10T00:00:00Z'],
  ...['1969-12-31T23:59:59.999Z', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00+14:00', '2026-02-29T00:00:00Z'],
  ...['2028-02-29T12:00:00+05:30', '2026-06-30T23:59:60Z', '2026-12-01T24:00:00Z', '2026-12-01T00:00:00-24:00'],
  ...['2199-12-31T23:59:59.999999999Z', '2200-01-01T00:00:00Z', '2255-06-05T23:47:34.740992Z', '2300-01-01T00:00:00Z'],
  ...['9999-12-31T23:59:59Z', '9999-12-31T23:59:59-23:59', '+010000-01-01T00:00:00Z', '+275760-09-13T00:00:00.000Z'],
  ...['+275760-09-13T00:00:00.001Z', '-271821-04-20T00:00:00.000Z', '2026-12-01', '20261201T000000Z', '1790812800'],
];
const anyMoment = fc.oneof(
  fc.constantFrom(...edges),
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .date({ noInvalidDate: true, min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z') })
    .map((date) => date.toISOString()),
  fc
    .date({ noInvalidDate: true, min: new Date('1970-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z') })
    .map((date) => date.toISOString().replace('Z', '+02:00')),
);

/** The same ones in every run; `FUZZ_RUNS=500 npm test -- gateway/test/fuzz` tries more of them, with `PROPERTY_SEED=random` others. */
const runsPerOperation = Number(process.env['FUZZ_RUNS'] ?? 12);
const lost = '../../../etc/passwd';
const nasty = fc.constantFrom(
  ...[
    '',
    ' ',
    '\u0000',
    '\ud800',
    '0',
    '-1',
    '1e400',
    'null',
    'undefined',
    '[object Object]',
    '__proto__',
    'constructor',
  ],
  ...["'; DROP TABLE bots; --", '<script>alert(1)</script>', '%00', lost, '{{7*7}}', '\r\nx-a: b', 'é'.repeat(600)],
);
const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), nasty);
const anyJson = fc.oneof(fc.jsonValue({ maxDepth: 3 }), nasty, fc.constant(nested(200)), fc.double());

function nested(depth: number): unknown {
  return Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), 1);
}

/** Mostly what the schema asks for, so that the attack gets past the first check; at every place sometimes something else. */
function ofSchema(schema: Schema): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 6, arbitrary: asAsked(schema) }, { weight: 1, arbitrary: anyJson });
}

function asAsked(schema: Schema): fc.Arbitrary<unknown> {
  const choices = (schema['anyOf'] ?? schema['oneOf']) as readonly Schema[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map(ofSchema));
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  switch (schema['type']) {
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      const required = (schema['required'] ?? []) as readonly string[];
      const model = Object.fromEntries(properties.map(([name, inner]) => [name, ofSchema(inner)]));
      return properties.length === 0
        ? fc.dictionary(fc.string({ maxLength: 10 }), anyJson, { maxKeys: 4 })
        : fc.record(model, { requiredKeys: required.filter((name) => name in model) });
    }
    case 'array':
      return fc.array(ofSchema((schema['items'] ?? {}) as Schema), { maxLength: 4 });
    case 'string':
      if (schema['format'] === 'date-time') return fc.oneof({ weight: 4, arbitrary: anyMoment }, anyText);
      return typeof schema['pattern'] === 'string' && schema['format'] === undefined
        ? fc.oneof(fc.stringMatching(new RegExp(schema['pattern'])), anyText)
        : anyText;
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -5, max: 1_000 }), fc.double());
    case 'boolean':
      return fc.boolean();
    default:
      return anyJson;
  }
}

describeWithServers('random requests on real servers', (servers) => {
  let rig: GatewayRig;
  let mine: Belongings;
  let refreshToken: string;
  let operations: ReadonlyMap<OperationId, Operation>;

  beforeAll(async () => {
    const roomy = { REQUESTS_PER_SECOND_PER_USER: '10000', REQUESTS_PER_SECOND_PER_ADDRESS: '10000' };
    rig = await GatewayRig.start(servers, roomy);
    const owner = await rig.setUp();
    ({ refreshToken } = owner);
    mine = await settle(rig, owner);
    const { paths } = (await rig.ask('GET', '/v1/openapi.json')).body as {
      paths: Record<string, Record<string, Operation>>;
    };
    const all = Object.values(paths).flatMap((path) => Object.values(path));
    operations = new Map(all.map((operation) => [operation.operationId, operation]));
  });
  afterAll(() => rig.close());

  const secrets = () => [password, setupToken, refreshToken, `planted-secret-of-${mine.bot}`];
  const segment = (text: string) => (text === '' || /^\.+$/.test(text) ? '%20' : encoded(text));
  const encoded = (text: string) => encodeURIComponent(text.toWellFormed());

  /** Not String(): a random object may have a `toString` of its own that is none. */
  const queryText = (value: unknown) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

  function attacks(id: OperationId): fc.Arbitrary<Attack> {
    const operation = operations.get(id);
    if (operation === undefined) throw new Error(`${id} is not in the document`);
    const { path } = callOf(id, mine);
    const route = routeOf(id);
    const broken = fc.array(anyText, { minLength: 3, maxLength: 3 }).map((texts) => {
      let index = 0;
      return route.path.replace(/:\w+/g, () => segment(texts[index++] ?? ''));
    });
    const query = fc.oneof(
      fc.tuple(
        ...operation.parameters
          .filter(({ in: where }) => where === 'query')
          .map(({ name, schema }) => ofSchema(schema).map((value) => `${name}=${encoded(queryText(value))}`)),
      ),
      fc.array(
        fc.tuple(anyText, anyText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
        { maxLength: 3 },
      ),
    );
    const schema = operation.requestBody?.content['application/json'].schema;
    const json = schema === undefined ? anyJson : ofSchema(schema);
    const body = fc.oneof(
      { weight: 8, arbitrary: json.map((value) => JSON.stringify(value) ?? 'null') },
      { weight: 1, arbitrary: anyText.filter((text) => text !== '') },
    );
    return fc.record({
      path: fc.oneof({ weight: 3, arbitrary: fc.constant(path) }, { weight: 1, arbitrary: broken }),
      query: query.map((pairs) => pairs.join('&')),
      body: route.method === 'GET' ? fc.constant(undefined) : body,
      headers: fc.oneof(
        fc.constant({}),
        fc.string({ minLength: 1, maxLength: 300 }).map((key) => ({ 'idempotency-key': key.trim() || 'x' })),
        fc
          .constantFrom('text/plain', 'application/json; charset=utf-16', 'multipart/form-data')
          .map((type) => ({ 'content-type': type })),
      ),
    });
  }

  it.each(operationIds)('%s answers each with a code, and never breaks or tells', async (id) => {
    const { method } = routeOf(id);
    await fc.assert(
      fc.asyncProperty(attacks(id), async ({ path, query, body, headers }) => {
        const target = query === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${query}`;
        const answered = await rig.ask(method, target, { token: mine.token, body, headers });
        const text = typeof answered.body === 'string' ? answered.body : JSON.stringify(answered.body);
        expect([answered.status < 500, answered.status, text]).toEqual([true, answered.status, text]);
        expect(text).not.toMatch(/\n {4}at |node_modules|\.(js|ts):\d|PostgresError|ZodError/);
        expect(secrets().filter((secret) => text.includes(secret))).toEqual([]);
        if (answered.status < 400) return;
        expect(answered.headers.get('content-type')).toContain('application/problem+json');
        expect(problemSchema.safeParse(answered.body)).toMatchObject({ success: true });
        expect(answered.body.request_id).toBe(answered.headers.get('x-request-id'));
      }),
      { numRuns: runsPerOperation },
    );
  });

  const momentsOf = (schema: Schema): readonly string[] =>
    Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
      .filter(([, inner]) => JSON.stringify(inner).includes('"format":"date-time"'))
      .map(([name]) => name);

  /** Chance finds one field of many seldom enough to be shipped first. */
  it('takes or refuses every moment, wherever a body names one', async () => {
    const named = [...operations.values()].flatMap(({ operationId, requestBody }) =>
      momentsOf(requestBody?.content['application/json'].schema ?? {}).map((field) => ({ operationId, field })),
    );
    expect(named).toEqual(
      expect.arrayContaining([
        { operationId: 'placeOrder', field: 'expiresAt' },
        { operationId: 'createApiKey', field: 'expiresAt' },
      ]),
    );
    for (const { operationId, field } of named) {
      const { method, path, body } = callOf(operationId, mine);
      for (const moment of edges) {
        const wish = { ...(body as object), [field]: moment };
        const { status } = await rig.ask(method, path, { token: mine.token, body: wish });
        expect([operationId, field, moment, status < 500]).toEqual([operationId, field, moment, true]);
      }
    }
  });

  it('left no line that says that something broke, and no secret in any', () => {
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    const said = JSON.stringify(rig.log.lines);
    expect(secrets().filter((secret) => said.includes(secret))).toEqual([]);
  });
});
