import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A line between a browser and the gateway that can be cut, as a cable is: everything ends and nothing new goes through. */
export class CuttableLine {
  private readonly sockets = new Set<Socket>();
  private whole = true;
  private readonly server = createServer((near) => {
    if (!this.whole) {
      near.destroy();
      return;
    }
    const { hostname, port } = new URL(this.address);
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(socket);
      socket.once('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
      socket.on('error', () => socket.destroy());
      socket.pipe(other);
    }
  });

  /** @param address of the gateway */
  constructor(private readonly address: string) {}

  /** @returns the address to use instead */
  async open(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.whole = false;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.whole = true;
  }

  async close(): Promise<void> {
    this.cut();
    this.server.close();
    await once(this.server, 'close');
  }
}
