import { assert } from '@scalpstorm/kernel';
import { z } from 'zod';
import { rolesWith } from '../../domain/principal.js';
import { codesOfStatus } from '../../domain/problem-codes-doc.js';
import { apiProblemStatuses } from './openapi-problems.js';
import { type AnyRoute, tags } from './route.js';
import { routes } from './routes.js';
import { noBody } from './schemas.js';
import { sweptMembers } from './schemas-risk.js';

type Json = Readonly<Record<string, unknown>>;

const parameter = /:(\w+)/g;

/** The OpenAPI 3.1 document, made from the very table that the handlers serve; nothing in it is written twice. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const [name, route] of Object.entries(routes) as unknown as readonly [string, AnyRoute][]) {
    const path = route.path.replace(parameter, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, route) };
  }
  return {
    openapi: '3.1.0',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Scalpstorm',
      version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      description:
        'Decimal numbers are texts, times are RFC 3339 in UTC. Lists are newest first; the next page is ?after=<nextCursor>. ' +
        'Every command takes an Idempotency-Key. Errors are application/problem+json with a stable code: see docs/api.md.',
    },
    servers: [{ url: '/', description: 'This gateway' }],
    tags: tags.map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'The accessToken of a log-in, or an API key that begins with scs_.',
        },
      },
      schemas: { Problem: schemaOf(problemSchema, 'output'), Json: jsonDefinition },
      headers: {
        RequestId: { description: 'Quote it when you ask for help.', schema: { type: 'string' } },
        RetryAfter: { description: 'Seconds to wait.', schema: { type: 'integer' } },
      },
    },
  };
}

function operation(operationId: string, route: AnyRoute): Json {
  const takesBody = ['POST', 'PUT', 'PATCH'].includes(route.method) && (route.body as unknown) !== noBody;
  const body = takesBody ? schemaOf(route.body, 'input') : {};
  const { required = [] } = body as { required?: readonly string[] };
  const hasBody = Object.keys(body).length > 0;
  return {
    operationId,
    summary: route.summary,
    description: accessText(route),
    tags: [route.tag],
    security: route.access === 'public' ? [] : [{ bearer: [] }],
    'x-role': route.access,
    'x-person-only': route.personOnly,
    parameters: [
      ...parametersOf(route, 'path'),
      ...parametersOf(route, 'query'),
      ...(route.idempotent ? [idempotencyKey] : []),
      ...(route.ifMatch ? [ifMatch] : []),
    ],
    ...(hasBody
      ? { requestBody: { required: required.length > 0, content: { 'application/json': { schema: body } } } }
      : {}),
    responses: { [route.status]: answerOf(route), ...problemsOf(route) },
  };
}

function accessText({ access, personOnly, idempotent, secretReply }: AnyRoute): string {
  const who = access === 'public' ? 'Public.' : `Needs the role ${rolesWith[access].join(' or ')}.`;
  const kept = secretReply ? ', for ten minutes' : '';
  const keys = personOnly ? ' API keys may not call it.' : '';
  return `${who}${keys}${idempotent ? ` A repeat with the same Idempotency-Key is answered like the first${kept}.` : ''}`;
}

function parametersOf(route: AnyRoute, where: 'path' | 'query'): readonly Json[] {
  const schema = schemaOf(where === 'path' ? route.params : route.query, 'input') as {
    properties?: Record<string, Json>;
    required?: readonly string[];
  };
  const inPath = [...route.path.matchAll(parameter)].map(([, name = '']) => name);
  const properties = Object.entries(schema.properties ?? {});
  return properties
    .filter(([name]) => where === 'query' || inPath.includes(name))
    .map(([name, property]) => ({
      name,
      in: where,
      required: where === 'path' || (schema.required ?? []).includes(name),
      schema: property,
    }));
}

function answerOf(route: AnyRoute): Json {
  const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' } };
  if (route.status === 204) return { description: 'Done.', headers };
  const schema = schemaOf(route.reply, 'output');
  return { description: route.summary, headers, content: { 'application/json': { schema } } };
}

function problemsOf(route: AnyRoute): Json {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  const answers = apiProblemStatuses(route).map(({ status, description }) => {
    const retry =
      status === 429 || status === 503 ? { 'retry-after': { $ref: '#/components/headers/RetryAfter' } } : {};
    const headers = { 'x-request-id': { $ref: '#/components/headers/RequestId' }, ...retry };
    const codes = codesOfStatus(status);
    return [String(status), { description, headers, content, ...(codes.length === 0 ? {} : { 'x-codes': codes }) }];
  });
  return Object.fromEntries(answers) as Json;
}

const idempotencyKey: Json = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Any 1 to 255 printable characters, e.g. a UUID; remembered for a day.',
  schema: { type: 'string', minLength: 1, maxLength: 255 },
};

const ifMatch: Json = {
  name: 'If-Match',
  in: 'header',
  required: false,
  description:
    'The version as it was read, e.g. "17"; 412 when it was changed since. The same as `version` in the body.',
  schema: { type: 'string' },
};

/** The last three stand in the 503 of a halt that the gate did not confirm: what was done all the same. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  detail: z.string(),
  instance: z.string(),
  request_id: z.string(),
  errors: z.array(
    z.object({
      pointer: z.string(),
      code: z.string(),
      detail: z.string(),
      allowed: z.string(),
      next: z.string(),
    }),
  ),
  ...z.object(sweptMembers).partial().shape,
});

/** Any JSON. It is made of itself, so it stands once, where every reference to it leads. */
const anyJson = '#/components/schemas/Json';

/** Transforms have no schema of their own; what comes in is what they read. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const {
    $schema: _dialect,
    $defs = {},
    ...rest
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any', reused: 'inline' });
  const others = Object.values($defs).filter((definition) => textOf(definition) !== textOf(jsonDefinition));
  // A reference within a schema would lead nowhere in the document.
  assert(others.length === 0, 'any JSON is the only schema of the API that contains itself');
  return JSON.parse(textOf(rest)) as Json;
}

const textOf = (schema: unknown): string =>
  JSON.stringify(schema).replaceAll(/"#\/\$defs\/__schema\d+"|"#"/g, `"${anyJson}"`);

const { $schema: _dialect, ...ownJson } = z.toJSONSchema(z.json());
const jsonDefinition = JSON.parse(textOf(ownJson)) as Json;
