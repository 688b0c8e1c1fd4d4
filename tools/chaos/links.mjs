// Every service reaches its servers and the venue through proxies of its own, so that each of its connections can go bad alone.
import { createProxy } from './proxy.mjs';

const usualPorts = { 'nats:': 4222, 'postgres:': 5432, 'redis:': 6379, 'http:': 80, 'ws:': 80 };

function targetOf(address) {
  const { hostname, port, protocol } = new URL(address);
  return { host: hostname, port: Number(port || usualPorts[protocol]) };
}

/** The same address at another port of this machine; passwords and paths stay as they are written. */
export function through(address, port) {
  const { host } = new URL(address);
  return address.replace(host, `127.0.0.1:${port}`);
}

/** Only these speak to the venue. */
const venueClients = ['market-data', 'execution'];

/**
 * @param {{random: () => number}} wanted
 * @returns {{between: (name: string, context: object) => Promise<object>, of: (service: string, server: string) => readonly object[],
 *   heal: () => void, close: () => Promise<void>}} `of('all', server)` are those of every service
 */
export function createLinks({ random }) {
  const links = new Map();

  const linkOf = async (service, server, address) => {
    const name = `${service}:${server}`;
    if (!links.has(name)) links.set(name, await createProxy({ target: targetOf(address), random }));
    return links.get(name);
  };
  const servers = async (service, { nats, postgres, redis, ...rest }) => {
    const bad = async (server) => {
      const { port } = await linkOf(service, server.name, server.url);
      return { ...server, url: through(server.url, port) };
    };
    return { ...rest, nats: await bad(nats), postgres: await bad(postgres), redis: await bad(redis) };
  };
  const exchange = async (service, given) => {
    if (!venueClients.includes(service.replace(/-second$/, ''))) return given;
    const { port } = await linkOf(service, 'venue', given.rest);
    const [rest, spotWs, wsApi] = [given.rest, given.spotWs, given.wsApi].map((address) => through(address, port));
    return { ...given, rest, spotWs, wsApi };
  };
  const of = (service, server) => {
    const names = [...links.keys()].filter((name) => name.endsWith(`:${server}`));
    return names.filter((name) => service === 'all' || name === `${service}:${server}`).map((name) => links.get(name));
  };

  return {
    between: async (service, context) => ({
      servers: await servers(service, context.servers),
      exchange: await exchange(service, context.exchange),
    }),
    of,
    heal: () => {
      for (const link of links.values()) link.heal();
    },
    close: async () => {
      await Promise.all([...links.values()].map((link) => link.close()));
    },
  };
}
