import net, { type AddressInfo } from 'node:net';

/** What to do with bytes on their way from the client to the server. */
export type Verdict = 'pass' | 'cut-before' | 'cut-after' | 'hold';

/** Stands between a client and Postgres and cuts the wire where a test says so. */
export class SeveringProxy {
  private readonly pairs = new Set<readonly [net.Socket, net.Socket]>();
  private readonly held: { readonly server: net.Socket; readonly chunk: Buffer }[] = [];
  private away = false;
  /** Asked for everything that a client sends. */
  judge: (text: string) => Verdict = () => 'pass';

  static async start(target: string): Promise<SeveringProxy> {
    const proxy = new SeveringProxy(new URL(target));
    await new Promise<void>((resolve) => proxy.server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  private readonly server: net.Server;

  private constructor(private readonly target: URL) {
    this.server = net.createServer((client) => this.accept(client));
  }

  get url(): string {
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String((this.server.address() as AddressInfo).port);
    return url.href;
  }

  get open(): number {
    return this.pairs.size;
  }

  /** Nobody is there, until {@link back}. */
  leave(): void {
    this.away = true;
    this.cutAll();
  }

  back(): void {
    this.away = false;
  }

  /** What was held comes to the server now, whose client has hung up long ago. Resolves when the server has acted on it. */
  async deliverHeld(): Promise<void> {
    for (const { server, chunk } of this.held.splice(0)) {
      await new Promise<void>((resolve) => {
        server.once('data', () => resolve()).once('close', () => resolve());
        server.write(chunk);
      });
      server.destroy();
    }
  }

  cutAll(): void {
    for (const pair of this.pairs) this.cut(pair);
  }

  async stop(): Promise<void> {
    this.cutAll();
    for (const { server } of this.held.splice(0)) server.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: net.Socket): void {
    if (this.away) {
      client.on('error', () => undefined).destroy();
      return;
    }
    const server = net.connect({ host: this.target.hostname, port: Number(this.target.port) });
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const side of pair) side.on('error', () => undefined).on('close', () => this.cut(pair));
    server.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk: Buffer) => {
      const verdict = this.judge(chunk.toString('latin1'));
      if (verdict === 'pass') server.write(chunk);
      else if (verdict === 'cut-before') this.cut(pair);
      else if (verdict === 'hold') this.hold(pair, chunk);
      // The server gets it and acts on it; the client never hears.
      else server.end(chunk, () => client.destroy());
    });
  }

  /** The client hears that the connection is gone, and the server of nothing at all. */
  private hold(pair: readonly [net.Socket, net.Socket], chunk: Buffer): void {
    const [client, server] = pair;
    this.pairs.delete(pair);
    client.removeAllListeners('close').destroy();
    this.held.push({ server, chunk });
  }

  private cut(pair: readonly [net.Socket, net.Socket]): void {
    this.pairs.delete(pair);
    for (const side of pair) side.destroy();
  }
}
