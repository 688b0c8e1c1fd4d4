import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError } from './config-error.js';
import { commonEnv, natsEnv, postgresEnv } from './fragments.js';
import { describeConfig, loadConfig } from './load-config.js';
import { choice, durationMs, flag, wholeNumber } from './parsers.js';

const schema = z.object({ ...commonEnv, ...natsEnv, ...postgresEnv });
const good = {
  NATS_URL: 'nats://127.0.0.1:4222',
  NATS_USER: 'execution',
  NATS_PASSWORD: 'very-secret',
  POSTGRES_URL: 'postgres://me:hidden@127.0.0.1:5432/scalpstorm',
};

function errorOf(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('no ConfigError was thrown');
}

describe('loadConfig', () => {
  it('fills in defaults and parses numbers', () => {
    const config = loadConfig(schema, { ...good, OPERATIONS_PORT: '8080' });
    expect(config.OPERATIONS_PORT).toBe(8080);
    expect(config.OPERATIONS_HOST).toBe('127.0.0.1');
    expect(config.SCALPSTORM_NAMESPACE).toBe('scalpstorm');
    expect(config.OTEL_EXPORTER_OTLP_ENDPOINT).toBeUndefined();
  });

  it('names every wrong variable, what is expected and an example', () => {
    const error = errorOf(() =>
      loadConfig(schema, { ...good, OPERATIONS_PORT: 'abc', NATS_URL: 'http://x', NATS_USER: '' }),
    );
    expect(error.code).toBe('CONFIG_INVALID');
    expect(error.problems.map((problem) => problem.variable).sort()).toEqual([
      'NATS_URL',
      'NATS_USER',
      'OPERATIONS_PORT',
    ]);
    expect(error.message).toContain(
      "NATS_USER is not set. Expected: this service's NATS user. Example: NATS_USER=execution",
    );
    expect(error.message).toContain(
      'OPERATIONS_PORT is "abc". Expected: a port from 1 to 65535, or 0 for any free one. Example: OPERATIONS_PORT=8080',
    );
    expect(error.message).toContain('NATS_URL is "http://x". Expected: a URL that starts with nats://');
  });

  it('never shows the value of a wrong secret', () => {
    const error = errorOf(() => loadConfig(schema, { ...good, POSTGRES_URL: 'mysql://me:hidden@host/db' }));
    expect(error.message).toContain('POSTGRES_URL is set but wrong');
    expect(error.message).not.toContain('hidden');
  });

  it.each([
    'postgres://me:hidden@localhost/db',
    'postgres://me:hidden@127.0.0.1:5432/db',
    'postgres://me:hidden@postgres:5432/db',
    'postgres://me:hidden@postgres.trading.svc:5432/db',
    'postgres://me:hidden@postgres.trading.svc.cluster.local:5432/db',
    'postgres://me:hidden@10.1.2.3:5432/db?sslmode=disable',
    'postgresql://me:hidden@db.example.org/db?sslmode=verify-full',
  ])('takes the address %s of a database', (address) => {
    expect(loadConfig(schema, { ...good, POSTGRES_URL: address }).POSTGRES_URL).toBe(address);
  });

  it.each([
    ['no word about TLS', 'postgres://me:hidden@db.example.org/db'],
    ['no word about TLS, in a private network', 'postgres://me:hidden@10.1.2.3:5432/db'],
    ['no word about TLS, with a name that only looks local', 'postgres://me:hidden@localhost.example.org/db'],
    ['no word about TLS, by an IPv6 address, which the driver cuts', 'postgres://me:hidden@[::1]:5432/db'],
    ['a certificate to check and an IP address', 'postgres://me:hidden@10.1.2.3/db?sslmode=verify-full'],
    ['a certificate to check and an IPv6 address', 'postgres://me:hidden@[fd00::1]/db?sslmode=verify-full'],
    ['a mode that nobody knows', 'postgres://me:hidden@db.example.org/db?sslmode=yes'],
    ['a mode that nobody knows, on this machine', 'postgres://me:hidden@localhost/db?sslmode=on'],
  ])('refuses the address of a database on another machine with %s', (_, address) => {
    const error = errorOf(() => loadConfig(schema, { ...good, POSTGRES_URL: address }));
    expect(error.message).toContain('?sslmode=verify-full');
    expect(error.message).not.toContain('hidden');
  });

  it('treats an empty variable as not set and reads nothing that the schema does not name', () => {
    const config = loadConfig(schema, { ...good, OPERATIONS_HOST: '  ', OTHER: 'x' });
    expect(config.OPERATIONS_HOST).toBe('127.0.0.1');
    expect(Object.keys(config)).not.toContain('OTHER');
  });
});

describe('describeConfig', () => {
  it('redacts secrets and says what is not set', () => {
    const text = JSON.stringify(describeConfig(schema, loadConfig(schema, good)));
    expect(text).not.toContain('hidden');
    expect(text).not.toContain('very-secret');
    expect(text).toContain('"OTEL_EXPORTER_OTLP_ENDPOINT":"(not set)"');
    expect(text).toContain('"NATS_USER":"execution"');
  });

  it('hides a password inside a URL that was not marked as secret', () => {
    const values = loadConfig(schema, { ...good, NATS_URL: 'nats://user:pass@127.0.0.1:4222' });
    expect(describeConfig(schema, values)['NATS_URL']).toBe('nats://user:[redacted]@127.0.0.1:4222');
  });
});

describe('parsers', () => {
  const parse = (field: z.ZodType, value: string) => loadConfig(z.object({ X: field }), { X: value }).X;

  it.each([
    ['250ms', 250],
    ['5s', 5_000],
    ['15m', 900_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
  ])('reads %s as %d ms', (input, expected) => {
    expect(parse(durationMs(), input)).toBe(expected);
  });

  it.each(['5', 's', '-1s', '1.5s', '5 s', '1w'])('refuses the duration %j', (input) => {
    expect(errorOf(() => parse(durationMs(), input)).message).toContain('with its unit');
  });

  it('keeps a duration and a number within their bounds', () => {
    expect(() => parse(durationMs({ maxMs: 1_000 }), '2s')).toThrow(ConfigError);
    expect(() => parse(wholeNumber({ min: 1, max: 3 }), '4')).toThrow('from 1 to 3');
    expect(parse(wholeNumber({ min: 1, max: 3 }), '3')).toBe(3);
    expect(() => parse(wholeNumber({ min: 1, max: 3 }), '2.5')).toThrow(ConfigError);
  });

  it('takes only true and false for a flag, and only listed values for a choice', () => {
    expect(parse(flag(), 'true')).toBe(true);
    expect(parse(flag(), 'false')).toBe(false);
    expect(() => parse(flag(), 'yes')).toThrow('true or false');
    expect(() => parse(choice(['a', 'b']), 'c')).toThrow('one of a, b');
  });

  it('refuses a namespace that could not stand inside a subject or a schema name', () => {
    for (const namespace of ['Big', 'a.b', 'a b', 'a_b', 'x'.repeat(25)]) {
      expect(() => loadConfig(schema, { ...good, SCALPSTORM_NAMESPACE: namespace })).toThrow('SCALPSTORM_NAMESPACE');
    }
  });
});
