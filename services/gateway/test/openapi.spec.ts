import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { describeWithServers } from '@scalpstorm/testkit';
import { problemSchema } from '../src/handlers/http/openapi.js';
import { type Belongings, callOf, type OperationId, operationIds, routeOf, send, settle } from './api-calls.js';
import { type Answered, GatewayRig, password, setupToken } from './gateway-rig.js';
import { readSchema } from './openapi-schema.js';

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>;
  readonly 'x-codes'?: readonly string[];
}
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, Described>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** In this order the ids that others need still exist. */
const last: readonly OperationId[] = ['removeVenueAccount', 'revokeApiKey', 'cancelOrder', 'deleteBot'];
const ordered = [...operationIds.filter((id) => !last.includes(id)), ...last];

describeWithServers('the OpenAPI document on real servers', (servers) => {
  let rig: GatewayRig;
  let mine: Belongings;
  let refreshToken: string;
  let document: Document;

  beforeAll(async () => {
    rig = await GatewayRig.start(servers);
    const owner = await rig.setUp();
    refreshToken = owner.refreshToken;
    mine = await settle(rig, owner);
    document = (await rig.ask('GET', '/v1/openapi.json')).body;
  });
  afterAll(() => rig.close());

  function operationOf(id: OperationId): Operation {
    const found = Object.values(document.paths)
      .flatMap((path) => Object.values(path))
      .find(({ operationId }) => operationId === id);
    if (found === undefined) throw new Error(`${id} is not in the document`);
    return found;
  }

  /** Against the document that was served, not against what it was made from. */
  function expectDocumented(id: OperationId, answered: Answered): void {
    const described = operationOf(id).responses[String(answered.status)];
    expect([id, answered.status, described !== undefined, answered.body?.code]).toEqual([
      id,
      answered.status,
      true,
      answered.body?.code,
    ]);
    const schema = described?.content?.['application/json']?.schema;
    if (schema === undefined) expectProblem(described, answered);
    else
      expect(readSchema(schema, document).safeParse(answered.body)).toMatchObject({
        success: true,
      });
  }

  function expectProblem(described: Described | undefined, { status, body }: Answered): void {
    if (status === 204) return;
    expect(described?.['x-codes']).toContain(problemSchema.parse(body).code);
  }

  it('is OpenAPI 3.1 and names every operation once', () => {
    expect(document.openapi).toBe('3.1.0');
    const named = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(named.sort()).toEqual([...operationIds].sort());
  });

  it.each(ordered)('%s answers as it says', async (id) => {
    const call = callOf(id, mine);
    const body = id === 'refresh' ? { refreshToken } : call.body;
    const answered = await send(rig, { ...call, body }, mine.token);
    if (id === 'setUp') expect(answered.status).toBe(409);
    else if (id === 'changePassword') expect(answered.status).toBe(422);
    else expect([id, answered.status, answered.body?.errors]).toEqual([id, routeOf(id).status, undefined]);
    expectDocumented(id, answered);
  });

  it('would notice an answer that is not as it says', () => {
    const { body } = { body: { id: 7, email: 'a@b.co', role: 'trader' } };
    const schema = operationOf('me').responses['200']?.content?.['application/json']?.schema;
    expect(readSchema(schema ?? {}, document).safeParse(body).success).toBe(false);
  });

  describe('problems', () => {
    it.each(operationIds.filter((id) => routeOf(id).access !== 'public'))('%s says 401 as documented', async (id) => {
      expectDocumented(id, await send(rig, callOf(id, mine)));
    });

    it('a public operation too', async () => {
      expectDocumented(
        'logIn',
        await rig.ask('POST', '/v1/auth/login', { body: { email: 'n@example.com', password } }),
      );
      expectDocumented('logIn', await rig.ask('POST', '/v1/auth/login', { body: { email: 1 } }));
      expectDocumented('refresh', await rig.ask('POST', '/v1/auth/refresh', { body: { refreshToken: 'x' } }));
      expectDocumented('setUp', await rig.ask('POST', '/v1/setup', { body: { token: setupToken } }));
    });
  });
});
