import { randomBytes } from 'node:crypto';
import type { Speaker } from '@scalpstorm/contracts';
import type { NatsAddress } from '../link.js';
import { provisionTopology, removeTopology } from '../provision.js';

/** The NATS server that a test run was given. */
export interface TestNats {
  readonly url: string;
  readonly adminUser: string;
  readonly adminPassword: string;
  readonly passwords: Readonly<Record<string, string>>;
}

/** A namespace of its own on the test server, with every stream and consumer of the topology. */
export interface ThrowAwayNamespace {
  readonly namespace: string;
  readonly administrator: NatsAddress;
  /** How that service would connect. */
  address(speaker: Speaker): NatsAddress;
  remove(): Promise<void>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** From TEST_NATS_URL and its companions; null when this run has no server, so that a spec can say that it is skipped. */
export function testNats(variables: Variables = process.env): TestNats | null {
  const url = variables['TEST_NATS_URL'];
  const adminUser = variables['TEST_NATS_ADMIN_USER'];
  const adminPassword = variables['TEST_NATS_ADMIN_PASSWORD'];
  const passwords = variables['TEST_NATS_PASSWORDS'];
  if (!url || !adminUser || !adminPassword || !passwords) return null;
  return { url, adminUser, adminPassword, passwords: JSON.parse(passwords) as Record<string, string> };
}

const suffixBytes = 6;

export async function throwAwayNamespace(server: TestNats): Promise<ThrowAwayNamespace> {
  const namespace = `test-${randomBytes(suffixBytes).toString('hex')}`;
  const { url } = server;
  const administrator = { url, user: server.adminUser, password: server.adminPassword, namespace };
  await provisionTopology(administrator);
  return {
    namespace,
    administrator,
    address: (speaker) => ({ url, user: speaker, password: passwordOf(server, speaker), namespace }),
    remove: () => removeTopology(administrator),
  };
}

function passwordOf({ passwords }: TestNats, speaker: Speaker): string {
  const password = passwords[speaker];
  if (password === undefined) throw new Error(`TEST_NATS_PASSWORDS has no password for ${speaker}`);
  return password;
}
