import net, { type AddressInfo } from 'node:net';

/** What to do with bytes on their way from the client to the server. */
export type Verdict = 'pass' | 'cut-before' | 'cut-after';

/** Stands between a client and Postgres and cuts the wire where a test says so. */
export class SeveringProxy {
  private readonly pairs = new Set<readonly [net.Socket, net.Socket]>();
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

  cutAll(): void {
    for (const pair of this.pairs) this.cut(pair);
  }

  async stop(): Promise<void> {
    this.cutAll();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private accept(client: net.Socket): void {
    const server = net.connect({ host: this.target.hostname, port: Number(this.target.port) });
    const pair = [client, server] as const;
    this.pairs.add(pair);
    for (const side of pair) side.on('error', () => undefined).on('close', () => this.cut(pair));
    server.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      const verdict = this.judge(chunk.toString('latin1'));
      if (verdict === 'pass') server.write(chunk);
      else if (verdict === 'cut-before') this.cut(pair);
      // The server gets it and acts on it; the client never hears.
      else server.end(chunk, () => client.destroy());
    });
  }

  private cut(pair: readonly [net.Socket, net.Socket]): void {
    this.pairs.delete(pair);
    for (const side of pair) side.destroy();
  }
}
