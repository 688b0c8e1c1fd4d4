import { type DescMethodUnary, fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { expect } from '@jest/globals';
import type { GrpcMethod } from '../src/handlers/grpc/grpc-method.js';
import { grpcMethods } from '../src/handlers/grpc/grpc-methods.js';
import { grpcStatusOf } from '../src/handlers/grpc/grpc-problems.js';
import { type ApiCall, type Belongings, callOf, type OperationId, operationIds, routeOf } from './api-calls.js';
import type { Answered, Asking, GatewayRig } from './gateway-rig.js';
import { type GrpcAnswer, GrpcClient } from './grpc-client.js';

/** One request, as it is put at each door. */
export interface AskedTwice {
  readonly http: readonly [method: string, path: string, body?: unknown];
  readonly rpc: DescMethodUnary;
  readonly grpc: JsonObject;
}
export interface AnsweredTwice {
  readonly overHttp: Answered;
  readonly overGrpc: GrpcAnswer<unknown>;
}

/** Puts the same request at both doors of one gateway. */
export class BothDoors {
  readonly client: GrpcClient;

  constructor(readonly rig: GatewayRig) {
    this.client = new GrpcClient(rig.gateway.grpcAddress ?? '');
  }

  async ask({ http, rpc, grpc }: AskedTwice, { token, headers = {} }: Asking = {}): Promise<AnsweredTwice> {
    const [method, path, body] = http;
    const overHttp = await this.rig.ask(method, path, { token, body, headers });
    return { overHttp, overGrpc: await this.overGrpc(rpc, grpc, { token, headers }) };
  }

  overGrpc(rpc: DescMethodUnary, grpc: JsonObject, { token, headers = {} }: Asking = {}): Promise<GrpcAnswer<unknown>> {
    const asking = token === undefined ? { metadata: headers } : { token, metadata: headers };
    return this.client.call(rpc, fromJson(rpc.input, grpc), asking);
  }

  close(): void {
    this.client.close();
  }
}

/** The same code, status, words and fields at both doors. */
export function expectSameRefusal(
  { overHttp, overGrpc }: AnsweredTwice,
  wanted: { status: number; code: string },
): void {
  expect(overHttp).toMatchObject({ status: wanted.status, body: { code: wanted.code } });
  expect(overGrpc.code).toBe(grpcStatusOf(wanted.status));
  expect(overGrpc.trailers.get('scalpstorm-code')).toEqual([wanted.code]);
  const { status, code, title, detail, errors, type } = overHttp.body;
  expect(JSON.parse(JSON.stringify(overGrpc.problem))).toMatchObject({ status, code, title, detail, errors, type });
}

/** What differs from one command to the next, whichever door it came through. */
const ofTheMoment = new Set([
  ...[
    'id',
    'version',
    'email',
    'time',
    'createdAt',
    'changedAt',
    'since',
    'at',
    'checkedAt',
    'lastUsedAt',
    'revokedAt',
  ],
  ...['accessToken', 'refreshToken', 'expiresAt', 'key', 'clientOrderId', 'updatedAt'],
]);

/** `exact`: nothing changed between the two, so not even a time may differ. */
export function expectSameAnswer(
  { overHttp, overGrpc }: AnsweredTwice,
  { rpc, route, shape }: GrpcMethod,
  { exact }: { readonly exact: boolean },
): void {
  expect([rpc.name, overHttp.status, overGrpc.code]).toEqual([rpc.name, route.status, 0]);
  // Read strictly: a field of HTTP that the proto does not have would throw.
  const body = fromJson(rpc.output, shape(overHttp.body === '' ? null : overHttp.body) as JsonValue);
  const timeless = (message: typeof body) =>
    JSON.parse(JSON.stringify(toJson(rpc.output, message)), (name, value) =>
      !exact && ofTheMoment.has(name) ? typeof value : value,
    );
  expect(timeless(overGrpc.reply as typeof body)).toEqual(timeless(body));
}

/** Every call of gRPC with the operation that it is. */
export const boundMethods: readonly (readonly [name: string, id: OperationId, method: GrpcMethod])[] = grpcMethods.map(
  (method) => [method.rpc.name, operationOf(method), method],
);

function operationOf(method: GrpcMethod): OperationId {
  const id = operationIds.find((known) => routeOf(known) === method.route);
  if (id === undefined) throw new Error(`${method.rpc.name} is bound to no route`);
  return id;
}

/** A request that succeeds for the owner, by HTTP and as a message: from the one table of calls. */
export function askedTwice(method: GrpcMethod, mine: Belongings): AskedTwice {
  const call = withVerb(callOf(operationOf(method), mine), method);
  return {
    http: [call.method, call.path, call.body],
    rpc: method.rpc,
    grpc: messageOf(method, withVerb(callOf(operationOf(method), mine), method)),
  };
}

/** Any request of this operation, by HTTP and as a message. */
export const asTwice = (method: GrpcMethod, call: ApiCall): AskedTwice => ({
  http: [call.method, call.path, call.body],
  rpc: method.rpc,
  grpc: messageOf(method, call),
});

const withVerb = (call: ApiCall, { fixed }: GrpcMethod): ApiCall =>
  fixed['verb'] === undefined ? call : { ...call, path: call.path.replace(/[^/]+$/, fixed['verb']) };

/** The parts of the path, what stands behind the question mark and the body, in one message. */
function messageOf({ route, fixed }: GrpcMethod, { path, body }: ApiCall): JsonObject {
  const [bare = '', query = ''] = path.split('?');
  const parts = bare.split('/');
  const named = route.path
    .split('/')
    .flatMap((part, index) => (part.startsWith(':') ? [[part.slice(1), parts[index] ?? ''] as const] : []));
  const params = Object.fromEntries(named.filter(([name]) => fixed[name] === undefined));
  return { ...params, ...Object.fromEntries(new URLSearchParams(query)), ...((body ?? {}) as JsonObject) };
}

/** As text, to look for words in it; messages hold big numbers, which JSON has not. */
export const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, inner) => (typeof inner === 'bigint' ? String(inner) : inner)) ?? '';
