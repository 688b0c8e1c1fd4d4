import { once } from 'node:events';
import { type AddressInfo, createServer, connect as dial, type Socket } from 'node:net';
import type { BinanceAddresses } from '../options.js';

/** A TCP line to a venue that a test can cut, or make silent without cutting it. */
export interface CuttableLine {
  readonly addresses: BinanceAddresses;
  /** Ends every connection; the next ones pass. */
  cut(): void;
  /** While silent nothing passes in either direction, and nobody is told. */
  silence(silent: boolean): void;
  /** From the next connection on: whoever took the place of the venue, at an address of its own. */
  leadTo(target: BinanceAddresses): void;
  close(): Promise<void>;
}

export async function startCuttableLine(target: BinanceAddresses): Promise<CuttableLine> {
  let { hostname, port } = new URL(target.rest);
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = dial(Number(port), hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => {
        if (!silent) to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const before = `${hostname}:${port}`;
  const through = (url: string): string => url.replace(before, own);
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    addresses: { rest: through(target.rest), spotWs: through(target.spotWs), wsApi: through(target.wsApi) },
    cut,
    silence: (on) => {
      silent = on;
    },
    leadTo: ({ rest }) => {
      ({ hostname, port } = new URL(rest));
    },
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      cut();
      await closed;
    },
  };
}
