import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { routes } from '../../services/gateway/src/handlers/http/routes';
import { apiTypes, jsonSchemaOf, typesFile } from './api-types.mjs';

describe('the types of the API in the dashboard', () => {
  it('are those of the routes of the gateway; else run node tools/dashboard/api-types.mjs', () => {
    const wanted = apiTypes({ routes, toJsonSchema: (schema) => jsonSchemaOf(z, schema) });
    expect(readFileSync(typesFile, 'utf8')).toBe(wanted);
  });

  it('change with a field that is renamed', () => {
    const renamed = { ...routes, me: { reply: z.object({ name: z.string() }) } };
    const text = apiTypes({ routes: renamed, toJsonSchema: (schema) => jsonSchemaOf(z, schema) });
    expect(text).toContain('export type User = {\n  readonly name: string;\n};');
  });
});
