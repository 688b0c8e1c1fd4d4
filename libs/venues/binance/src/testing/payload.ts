import { readFileSync } from 'node:fs';

/** A captured payload by its name. */
export const payload = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../payloads/${name}.json`, import.meta.url), 'utf8')) as Record<string, unknown>;
