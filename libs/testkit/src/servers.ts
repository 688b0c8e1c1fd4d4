import { randomBytes } from 'node:crypto';

/** The shared servers that `npm test` started. */
export interface TestServers {
  readonly natsUrl: string;
  readonly postgresUrl: string;
  readonly redisUrl: string;
  /** The NATS password of each service, and of `admin`. */
  readonly natsPasswords: Readonly<Record<string, string>>;
}

type Variables = Readonly<Record<string, string | undefined>>;

const wanted = ['TEST_NATS_URL', 'TEST_POSTGRES_URL', 'TEST_REDIS_URL'] as const;

/** Which variables are missing; empty when the servers are there. */
export function missingServers(variables: Variables): readonly string[] {
  return wanted.filter((name) => (variables[name] ?? '') === '');
}

/** @throws Error that says which variables are missing and how to get them */
export function testServers(variables: Variables = process.env): TestServers {
  const missing = missingServers(variables);
  if (missing.length > 0) throw new Error(explain(missing));
  return {
    natsUrl: variables['TEST_NATS_URL'] ?? '',
    postgresUrl: variables['TEST_POSTGRES_URL'] ?? '',
    redisUrl: variables['TEST_REDIS_URL'] ?? '',
    natsPasswords: JSON.parse(variables['TEST_NATS_PASSWORDS'] ?? '{}') as Record<string, string>,
  };
}

function explain(missing: readonly string[]): string {
  return (
    `this test needs real servers, but ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set. ` +
    'Run `npm test`, which starts them, or `eval "$(node tools/dev-servers.mjs)"` before Jest.'
  );
}

/** A namespace of its own keeps a spec apart from every other on the shared servers: `t` and ten letters and digits. */
export function uniqueNamespace(): string {
  return `t${randomBytes(5).toString('hex')}`;
}

interface DescribeFunction {
  (name: string, body: () => void): void;
  skip(name: string, body: () => void): void;
}

/** What Jest puts into every spec; a parameter only so that this can be tested. */
export interface SpecGlobals {
  readonly describe: DescribeFunction;
  readonly it: (name: string, body: () => void) => void;
}

/**
 * A `describe` whose tests need the servers. Without them it fails where they are promised (`npm test`, CI) and is otherwise counted
 * as skipped, with the reason in its name.
 */
export function describeWithServers(name: string, body: (servers: TestServers) => void): void {
  declareWithServers({ name, body }, process.env, globalThis as unknown as SpecGlobals);
}

export function declareWithServers(
  spec: { readonly name: string; readonly body: (servers: TestServers) => void },
  variables: Variables,
  { describe, it }: SpecGlobals,
): void {
  const missing = missingServers(variables);
  if (missing.length === 0) {
    describe(spec.name, () => spec.body(testServers(variables)));
    return;
  }
  const promised = variables['SCALPSTORM_TEST_SERVERS'] === 'required' || (variables['CI'] ?? '') !== '';
  if (promised) {
    describe(spec.name, () => {
      it('has the servers that it was promised', () => {
        throw new Error(explain(missing));
      });
    });
    return;
  }
  describe.skip(`${spec.name} (skipped: ${missing.join(', ')} not set)`, () => {
    it('needs servers', () => undefined);
  });
}
