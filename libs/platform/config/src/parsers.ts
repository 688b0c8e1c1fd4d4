import { isIP } from 'node:net';
import { z } from 'zod';
import { setting } from './setting.js';

/** A whole number within bounds, both included. */
export function wholeNumber(options: { min: number; max: number; example?: number }) {
  const { min, max, example = min } = options;
  const schema = z
    .string()
    .regex(/^-?\d{1,16}$/)
    .transform(Number)
    .refine((value) => value >= min && value <= max);
  return setting(schema, { expected: `a whole number from ${min} to ${max}`, example: String(example) });
}

/** A part of a whole, as a decimal number. */
export function share(options: { example: string }) {
  const schema = z
    .string()
    .regex(/^(0(\.\d{1,9})?|1(\.0{1,9})?)$/)
    .transform(Number);
  return setting(schema, { expected: 'a share from 0 to 1', example: options.example });
}

/** A TCP port; 0 lets the system choose a free one. */
export function port() {
  const schema = z
    .string()
    .regex(/^\d{1,5}$/)
    .transform(Number)
    .refine((value) => value <= 65_535);
  return setting(schema, { expected: 'a port from 1 to 65535, or 0 for any free one', example: '8080' });
}

const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const durationPattern = /^(\d{1,12})(ms|s|m|h|d)$/;

/** `250ms`, `5s`, `15m`, `2h`, `7d` as milliseconds; the unit is required, so that nobody guesses. */
export function durationMs(options: { minMs?: number; maxMs?: number; example?: string } = {}) {
  const { minMs = 0, maxMs = 365 * 86_400_000, example = '5s' } = options;
  const schema = z
    .string()
    .transform((text) => {
      const [, count = '', unit = ''] = durationPattern.exec(text) ?? [];
      return Number(count === '' ? Number.NaN : count) * (unitMs[unit] ?? Number.NaN);
    })
    .refine((value) => value >= minMs && value <= maxMs);
  const expected = `a duration with its unit (ms, s, m, h, d) from ${minMs} ms to ${maxMs} ms`;
  return setting(schema, { expected, example });
}

/** An absolute URL with one of the given protocols (without the colon). */
export function url(options: { protocols: readonly string[]; example: string }) {
  const { protocols, example } = options;
  const schema = z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, host } = new URL(text);
    return protocols.includes(protocol.slice(0, -1)) && host !== '';
  });
  return setting(schema, {
    expected: `a URL that starts with ${protocols.map((name) => `${name}://`).join(' or ')}`,
    example,
  });
}

const sslModes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full'];
/** This machine, a name without a dot (another container, a service of the same namespace), and services of the same cluster. */
const nearby =
  /^(localhost|[a-z0-9_-]+|host\.docker\.internal|127(\.\d{1,3}){3}|[a-z0-9.-]+\.svc(\.cluster\.local)?)$/i;

/**
 * The address of a Postgres database. Passwords, positions and venue accounts go over this line: when it leaves the machine or its own
 * network, somebody has said how it is sealed. Nearby the default is `disable`, as ever.
 */
export function postgresUrl(example: string) {
  const protocols = ['postgres:', 'postgresql:'];
  const schema = z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, searchParams } = new URL(text);
    if (!protocols.includes(protocol) || hostname === '') return false;
    const mode = searchParams.get('sslmode');
    // What is checked is the name in the certificate.
    if (mode === 'verify-full' && isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return false;
    return mode === null ? nearby.test(hostname) : sslModes.includes(mode);
  });
  const expected =
    'a URL that starts with postgres:// or postgresql://, and for a server on another machine ends with ' +
    `?sslmode=verify-full, which needs its name and not its IP address (or another of ${sslModes.join(', ')}, where you trust the network in between)`;
  return setting(schema, { expected, example });
}

/** One word of small letters, digits and hyphens that can stand inside a subject, a key and a schema name. */
export function token(options: { lengthMax?: number; example: string }) {
  const { lengthMax = 24, example } = options;
  const schema = z.string().regex(new RegExp(`^[a-z0-9-]{1,${lengthMax}}$`));
  return setting(schema, { expected: `1 to ${lengthMax} small letters, digits or hyphens`, example });
}

/** One of a closed list. */
export function choice<const Values extends readonly [string, ...string[]]>(values: Values) {
  return setting(z.enum(values), { expected: `one of ${values.join(', ')}`, example: values[0] });
}

/** `true` or `false`, nothing looser. */
export function flag() {
  const schema = z.enum(['true', 'false']).transform((text) => text === 'true');
  return setting(schema, { expected: 'true or false', example: 'true' });
}

/** Free text within a length. */
export function text(options: { lengthMin?: number; lengthMax?: number; expected: string; example: string }) {
  const { lengthMin = 1, lengthMax = 1_000, expected, example } = options;
  return setting(z.string().min(lengthMin).max(lengthMax), { expected, example });
}
