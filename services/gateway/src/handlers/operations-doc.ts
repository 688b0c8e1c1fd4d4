import type { DescMethod } from '@bufbuild/protobuf';
import { rolesWith, scopeFor } from '../domain/principal.js';
import { grpcMethods } from './grpc/grpc-methods.js';
import type { AnyRoute } from './http/route.js';
import { routes } from './http/routes.js';

export type OperationId = keyof typeof routes;

/** Operations that gRPC does not have, and why. Whatever is neither here nor among its calls is an oversight, and a spec fails. */
export const withoutGrpc: Readonly<Partial<Record<OperationId, string>>> = {
  listBotJournal: 'a file of JSON for `scalpstorm replay`, each row of a form of its own',
  listCertificates: 'documents of JSON for `scalpstorm certificates`; what a bot needs of them strategy knows itself',
  requestCertificate: 'the same: a rule is a document, sent once by hand or by a script',
  getCertificate: 'the same',
  cancelCertificate: 'the same',
  createStreamTicket:
    'for pages, which cannot send a token with a websocket; `StreamService.Watch` takes it as metadata',
};

/** One line of the API with the calls that do the same. */
export interface Operation {
  readonly id: OperationId;
  readonly route: AnyRoute;
  readonly calls: readonly DescMethod[];
}

export const operations: readonly Operation[] = (
  Object.entries(routes) as unknown as readonly [OperationId, AnyRoute][]
).map(([id, route]) => ({
  id,
  route,
  calls: grpcMethods.filter((method) => method.route === route).map(({ rpc }) => rpc),
}));

/** The whole of docs/api-operations.md. */
export function operationsDocument(): string {
  return `${[
    '# Every operation, at both doors',
    '',
    '<!-- Written by services/gateway/scripts/operations-doc.mjs; a spec fails when it is not up to date. -->',
    '',
    'One use case stands behind a line, so both doors give the same answer, the same code and the same repeat. *Role*: who may;',
    '`viewer` is everybody who logged in. *Key*: the scope that a program’s key needs; a dash where keys may not. *Repeat*: heeds the',
    'idempotency key. Beside these the gateway has the live stream (`/v1/stream`, `StreamService.Watch`), `/v1/openapi.json`,',
    'reflection and health.',
    '',
    '| operation | HTTP | gRPC | role | key | repeat |',
    '|---|---|---|---|---|---|',
    ...operations.map(lineOf),
  ].join('\n')}\n`;
}

function lineOf({ id, route, calls }: Operation): string {
  const { method, path, access, personOnly, idempotent } = route;
  const grpc = calls.map((rpc) => `\`${rpc.parent.name}.${rpc.name}\``).join('<br>');
  const key = access === 'public' ? 'none' : keyScope(access, personOnly);
  const none = `none: ${withoutGrpc[id] ?? 'forgotten'}`;
  const role = access === 'public' || access === 'viewer' ? access : rolesWith[access].join(', ');
  const cells = [`\`${id}\``, `\`${method} ${path}\``, grpc === '' ? none : grpc, role, key, idempotent ? 'yes' : ''];
  return `| ${cells.join(' | ')} |`;
}

function keyScope(access: Exclude<AnyRoute['access'], 'public'>, personOnly: boolean): string {
  return (personOnly ? null : scopeFor[access]) ?? '–';
}
