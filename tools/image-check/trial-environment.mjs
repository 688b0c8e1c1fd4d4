// What docker-compose.yml gives each service, with the addresses, ports and server passwords of this machine in it.
import { interpolate, interpolateAll, parseEnvironment } from './interpolation.mjs';

/** Apart from the role and the database that a platform on the same server has. */
const ownName = 'image_check';

/** As a careful person writes it into .env: it stands in an address. */
const awkwardPassword = encodeURIComponent(`a'b%20"c`);

/** A container's name and port, at the end of a value or in an address. */
const place = /(^|[/@])([a-z][a-z0-9-]*:\d+)(?=$|[/"])/g;

/** A server that compose starts and that is not here: whoever is told of one does without. */
const gone = Symbol('not here');

function moved(name, value, addresses) {
  const text = String(value ?? '').replace(place, (found, before, at) => {
    if (!Object.hasOwn(addresses, at)) return found;
    return `${before}${addresses[at] ?? gone.description}`;
  });
  if (text.includes(gone.description)) return undefined;
  if (name !== 'POSTGRES_URL') return text;
  const url = new URL(text);
  url.username = ownName;
  url.pathname = `/${ownName}`;
  return url.href;
}

const variableOf = (user) => `NATS_PASSWORD_${user.toUpperCase().replaceAll('-', '_')}`;

/**
 * @param {{read: {raw: object, environment: string}, namespace: string,
 *   passwords: {nats: Record<string, string>, postgresAdmin: string, redis: string},
 *   addresses: Record<string, string | undefined>}} wanted `addresses` has `nats:4222` → `127.0.0.1:54321`; undefined: it is not here
 * @returns {(name: string) => Record<string, string>} the environment of a service of the compose file
 */
export function composeEnvironments({ read, namespace, passwords, addresses }) {
  const variables = {
    ...parseEnvironment(read.environment),
    ...Object.fromEntries(Object.entries(passwords.nats).map(([user, password]) => [variableOf(user), password])),
    SCALPSTORM_NAMESPACE: namespace,
    POSTGRES_ADMIN_PASSWORD: passwords.postgresAdmin,
    POSTGRES_PASSWORD: awkwardPassword,
    REDIS_PASSWORD: passwords.redis,
  };
  const { services } = interpolateAll(read.raw, (text) => interpolate(text, variables));
  return (name) =>
    Object.fromEntries(
      Object.entries(services[name].environment ?? {})
        .map(([key, value]) => [key, moved(key, value, addresses)])
        .filter(([, value]) => value !== undefined),
    );
}
