import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { openApiDocument } from '../src/handlers/http/openapi.js';
import { operationIds, routeOf } from './api-calls.js';
import { readSchema } from './openapi-schema.js';

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly schema: object;
}
interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly security: readonly Readonly<Record<string, unknown>>[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: object;
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly 'x-codes'?: readonly string[] }>
  >;
}
type Json = Readonly<Record<string, unknown>>;

const document = openApiDocument('1.2.3') as Json & {
  readonly info: Json;
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: Json };
};
const all = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);
const each = all.map((one) => [one.operation.operationId, one] as const);

/** Everything below a value that is an object, with where it stands. */
function* inside(value: unknown, where = '#'): Generator<readonly [where: string, value: Json]> {
  if (typeof value !== 'object' || value === null) return;
  yield [where, value as Json];
  for (const [name, inner] of Object.entries(value)) yield* inside(inner, `${where}/${name}`);
}
const at = (pointer: string): unknown =>
  pointer
    .replace(/^#\//, '')
    .split('/')
    .reduce<unknown>((value, name) => (value as Json | undefined)?.[name], document);

it('has what OpenAPI 3.1 asks of a document, and nothing that it does not know', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { title: expect.any(String), version: '1.2.3' } });
  const known = ['openapi', 'jsonSchemaDialect', 'info', 'servers', 'tags', 'paths', 'components'];
  expect(Object.keys(document).filter((name) => !known.includes(name))).toEqual([]);
  expect(JSON.parse(JSON.stringify(document))).toEqual(document);
});

it('names every operation of the table once, under the method and path that are served', () => {
  const named = all.map(({ operation }) => operation.operationId);
  expect(named.toSorted()).toEqual([...operationIds].toSorted());
  for (const { path, method, operation } of all) {
    const route = routeOf(operation.operationId as (typeof operationIds)[number]);
    expect([method.toUpperCase(), path]).toEqual([route.method, route.path.replace(/:(\w+)/g, '{$1}')]);
  }
});

it('no two paths could be meant by one request', () => {
  const shape = (path: string) => path.replaceAll(/\{\w+\}/g, '{}');
  expect(new Set(Object.keys(document.paths).map(shape)).size).toBe(Object.keys(document.paths).length);
});

it('every reference leads somewhere', () => {
  const references = [...inside(document)].flatMap(([where, { $ref }]) => ($ref === undefined ? [] : [[where, $ref]]));
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter(([, to]) => at(String(to)) === undefined)).toEqual([]);
});

it('every schema can be read as JSON Schema', () => {
  const schemas = [...inside(document)].flatMap(([where, { schema }]) =>
    schema === undefined || '$ref' in (schema as Json) ? [] : [[where, schema as object] as const],
  );
  expect(schemas.length).toBeGreaterThan(100);
  for (const [where, schema] of schemas) {
    expect([where, readSchema(schema, document) instanceof z.ZodType]).toEqual([where, true]);
  }
});

it.each(each)('%s declares each part of its path once, and only what is in it', (_, { path, operation }) => {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const declared = operation.parameters.filter((parameter) => parameter.in === 'path');
  expect(declared.map(({ name }) => name).toSorted()).toEqual(inPath.toSorted());
  expect(declared.every(({ required }) => required)).toBe(true);
  const keys = operation.parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
  expect(new Set(keys).size).toBe(keys.length);
});

it.each(each)(
  '%s tells its tag, who may, its answer and what can go wrong, with codes',
  (id, { method, operation }) => {
    expect(document.tags.map(({ name }) => name)).toEqual(expect.arrayContaining([...operation.tags]));
    const schemes = operation.security.flatMap((needed) => Object.keys(needed));
    expect(schemes.filter((scheme) => !(scheme in document.components.securitySchemes))).toEqual([]);
    if (method === 'get' || method === 'delete') expect(operation.requestBody).toBeUndefined();
    const route = routeOf(id as (typeof operationIds)[number]);
    expect(schemes.length > 0).toBe(route.access !== 'public');
    const { [String(route.status)]: answer, ...problems } = operation.responses;
    expect(answer?.description).not.toBe('');
    expect(Object.keys(problems)).toEqual(expect.arrayContaining(['422', '429']));
    for (const [status, problem] of Object.entries(problems)) {
      expect(problem.description).not.toBe('');
      // What only other services say has no codes of the gateway's.
      if (status !== '502') expect([status, problem['x-codes']?.length]).toEqual([status, expect.any(Number)]);
    }
  },
);
