import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { botVerbs } from '@scalpstorm/model';
import { venueAccountVerbs } from '../use-cases/venue-accounts.js';
import { apiServices } from './grpc/grpc-descriptors.js';
import { grpcMethods } from './grpc/grpc-methods.js';
import { type OperationId, operations, operationsDocument, withoutGrpc } from './operations-doc.js';

const callsOf = (id: OperationId) => operations.find((operation) => operation.id === id)?.calls ?? [];

it.each(operations.map((operation) => [operation.id, operation] as const))(
  '%s has a call of gRPC, or a reason why not',
  (id, { calls }) => {
    expect([id, calls.length > 0, withoutGrpc[id] !== undefined]).toEqual([
      id,
      withoutGrpc[id] === undefined,
      calls.length === 0,
    ]);
  },
);

it('every call of gRPC is one operation, and is served once', () => {
  const served = grpcMethods.map(({ rpc }) => rpc.name);
  const offered = apiServices.flatMap(({ methods }) => methods).filter(({ methodKind }) => methodKind === 'unary');
  expect(served.toSorted()).toEqual(offered.map(({ name }) => name).toSorted());
  expect(new Set(served).size).toBe(served.length);
});

it('what HTTP says with a word in the path, gRPC says with a call for each word', () => {
  const verbs = (id: OperationId, ending: string) =>
    callsOf(id).map(({ name }) => name.replace(ending, '').toLowerCase());
  expect(verbs('commandBot', 'Bot').toSorted()).toEqual([...botVerbs].toSorted());
  expect(verbs('commandVenueAccount', 'VenueAccount').toSorted()).toEqual([...venueAccountVerbs].toSorted());
});

it('docs/api-operations.md is what scripts/operations-doc.mjs writes today', () => {
  const document = readFileSync(new URL('../../../../docs/api-operations.md', import.meta.url), 'utf8');
  expect(document).toBe(operationsDocument());
});
