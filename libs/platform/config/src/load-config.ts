import type { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error.js';
import { isSecret, settingOf } from './setting.js';

/** What the process was started with: `process.env`, or a literal in a test. */
export type EnvironmentVariables = Readonly<Record<string, string | undefined>>;

const shownValueMax = 60;

/**
 * Reads and checks every variable that the schema names; an empty text counts as not set.
 * @throws ConfigError that lists every wrong variable, not only the first
 */
export function loadConfig<Schema extends z.ZodObject>(schema: Schema, env: EnvironmentVariables): z.output<Schema> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = env[name]?.trim();
    if (value !== undefined && value !== '') given[name] = value;
  }
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = new Map<string, string>();
  for (const issue of parsed.error.issues) {
    const name = String(issue.path[0] ?? 'configuration');
    if (!faults.has(name)) faults.set(name, issue.message);
  }
  throw new ConfigError([...faults].map(([name, message]) => problemOf(schema, { name, message, value: given[name] })));
}

function problemOf(
  schema: z.ZodObject,
  fault: { name: string; message: string; value: string | undefined },
): ConfigProblem {
  const { name, message, value } = fault;
  const field = schema.shape[name];
  const setting = field === undefined ? undefined : settingOf(field);
  return {
    variable: name,
    fault:
      value === undefined && field !== undefined
        ? 'is not set'
        : `is ${field && isSecret(field) ? 'set but wrong' : shown(value)}`,
    expected: setting?.expected ?? message,
    example: setting?.example ?? '',
  };
}

function shown(value: string | undefined): string {
  if (value === undefined) return 'wrong';
  return JSON.stringify(value.length > shownValueMax ? `${value.slice(0, shownValueMax)}…` : value);
}

/** The parsed settings as they may be printed: secrets are replaced, the password of a URL too. */
export function describeConfig(schema: z.ZodObject, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const description: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const value = values[name];
    if (value === undefined) description[name] = '(not set)';
    else if (isSecret(field)) description[name] = '[redacted]';
    else description[name] = withoutPassword(String(value));
  }
  return description;
}

/** `scheme://user:password@host` → `scheme://user:[redacted]@host`. */
export function withoutPassword(text: string): string {
  return text.replace(/([a-z][a-z0-9+.-]*:\/\/[^\s/:@]*):[^\s/@]*@/gi, '$1:[redacted]@');
}
