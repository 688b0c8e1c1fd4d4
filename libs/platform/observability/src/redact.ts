import { withoutPassword } from '@scalpstorm/config';

const redacted = '[redacted]';
const depthMax = 6;
const keysMax = 100;
const itemsMax = 50;
const textMax = 8_000;

const secretName =
  /passw|passphrase|secret|token|authorization|apikey|cookie|signature|privatekey|credential|jwt|sessionid/;

/** Can a field of this name hold something that nobody may read in a log? Writing (case, `-`, `_`) does not matter. */
export function isSecretName(name: string): boolean {
  return secretName.test(name.toLowerCase().replace(/[-_.\s]/g, ''));
}

const secretParameter =
  /([?&;\s"']|^)((?:x-mbx-)?api[-_]?key|signature|listenkey|password|secret|(?:access_|refresh_)?token)=[^&\s"']+/gi;

/** Hides what a text can carry: passwords in URLs, bearer tokens, signed query parameters. */
export function redactText(text: string): string {
  const bounded = text.length > textMax ? `${text.slice(0, textMax)}… (${text.length} characters)` : text;
  return withoutPassword(bounded)
    .replace(/\b(Bearer|Basic)\s+[\w\-.~+/=]{6,}/gi, `$1 ${redacted}`)
    .replace(secretParameter, `$1$2=${redacted}`);
}

/** A copy that is safe to write down: secrets hidden, exact numbers as text, bounded in depth, width and length. */
export function redactFields(fields: object): Record<string, unknown> {
  if (fields instanceof Error) return { error: redactError(fields, 0) };
  return redactObject(fields, 0);
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return `[${typeof value}]`;
  if (value === null || typeof value !== 'object') return value;
  if (depth >= depthMax) return '[too deep]';
  if (value instanceof Error) return redactError(value, depth);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString();
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (value instanceof Map) return redactObject(Object.fromEntries(value), depth);
  if (value instanceof Set) return redactItems([...value], depth);
  if (Array.isArray(value)) return redactItems(value, depth);
  return redactObject(value, depth);
}

function redactItems(items: readonly unknown[], depth: number): unknown[] {
  const kept = items.slice(0, itemsMax).map((item) => redactValue(item, depth + 1));
  return items.length > itemsMax ? [...kept, `[${items.length - itemsMax} more]`] : kept;
}

function redactObject(value: object, depth: number): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  const entries = Object.entries(value);
  for (const [name, field] of entries.slice(0, keysMax)) {
    copy[name] = isSecretName(name) ? redacted : redactValue(field, depth + 1);
  }
  if (entries.length > keysMax) copy['…'] = `${entries.length - keysMax} more`;
  return copy;
}

/** Only the fields that we know: clients hang whole requests, with their headers, on their errors. */
function redactError(error: Error, depth: number): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  const copy: Record<string, unknown> = { type: error.name, message: redactText(error.message) };
  if (typeof code === 'string' || typeof code === 'number') copy['code'] = code;
  if (error.stack !== undefined) copy['stack'] = redactText(error.stack);
  if (error.cause !== undefined) copy['cause'] = redactValue(error.cause, depth + 1);
  if (error instanceof AggregateError) copy['errors'] = redactItems(error.errors, depth);
  return copy;
}
