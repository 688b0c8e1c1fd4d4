import type { Announcement } from '../src/sim-exchange.module.js';
import { type CcxtBinance, ccxtClient, rawClient, startExchange } from './exchange-process.js';

export const symbol = 'BTC/USDT';

/** A running exchange with its fault switch, and ccxt at its doors. */
export class FaultyExchange {
  private ids = 0;
  /** Each is closed with the exchange, also by a spec that failed half-way: one that is left over dials for ever. */
  private readonly clients: CcxtBinance[];

  private constructor(
    private readonly exchange: Awaited<ReturnType<typeof startExchange>>,
    readonly client: CcxtBinance,
    /** Far below the market: an order at it rests. */
    readonly price: number,
  ) {
    this.clients = [client];
  }

  static async start(): Promise<FaultyExchange> {
    const exchange = await startExchange('--symbols', 'BTC-USDT');
    try {
      const client = await connect(exchange.announcement);
      const bid = Number((await client.fetchOrderBook(symbol, 5)).bids[0]?.[0]);
      return new FaultyExchange(exchange, client, Number(client.priceToPrecision(symbol, bid * 0.5)));
    } catch (error) {
      await exchange.stop();
      throw error;
    }
  }

  async stop(): Promise<void> {
    await Promise.allSettled(this.clients.map((client) => client.close()));
    await this.exchange.stop();
  }

  get announcement(): Announcement {
    return this.exchange.announcement;
  }

  async connect(): Promise<CcxtBinance> {
    const client = await connect(this.exchange.announcement);
    this.clients.push(client);
    return client;
  }

  async set(fault: object): Promise<void> {
    await this.admin('POST', '/sim/faults', fault);
  }

  async clear(): Promise<void> {
    await this.admin('DELETE', '/sim/faults');
  }

  async hits(): Promise<number> {
    const { faults } = (await this.admin('GET', '/sim/faults')) as { faults: readonly { hits: number }[] };
    return faults.reduce((sum, fault) => sum + fault.hits, 0);
  }

  async limit(limits: object): Promise<void> {
    await this.admin('POST', '/sim/limits', limits);
  }

  /** Changes filters of the market, by their names in exchangeInfo. */
  async filter(changes: object): Promise<void> {
    await this.admin('POST', '/sim/filters', { symbol: 'BTCUSDT', ...changes });
  }

  freshId(): string {
    this.ids += 1;
    return `fault${this.ids}`;
  }

  place(clientOrderId: string, by = this.client) {
    return by.createOrder(symbol, 'limit', 'buy', 0.01, this.price, { clientOrderId });
  }

  /** How many orders the venue has under that id, whatever the client was told. */
  async ordersWith(id: string): Promise<unknown> {
    return (await this.admin('GET', `/sim/orders?clientOrderId=${id}`))['orders'];
  }

  private async admin(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await rawClient(this.exchange.announcement).send(method, path, init);
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }
}

/** ccxt looks for error codes in its map of the spot market first, but only at Binance's own host: here it is told to. */
async function connect(at: Parameters<typeof ccxtClient>[0]): Promise<CcxtBinance> {
  const client = await ccxtClient(at);
  const { exact, spot } = client.exceptions as { exact: object; spot: { exact: object } };
  client.exceptions = { ...client.exceptions, exact: { ...exact, ...spot.exact } };
  return client;
}

/** The first is enough for most machines. */
const delaysMs = [400, 4_000, 20_000];

/**
 * What was done before something that comes so late: again, and that comes later still, where a machine that gives processes no turn
 * took longer.
 */
export async function beforeIt<Value>(work: (delayMs: number) => Promise<Value>): Promise<Value> {
  for (const delayMs of delaysMs) {
    const began = performance.now();
    const value = await work(delayMs);
    if (performance.now() - began < delayMs) return value;
  }
  throw new Error(`took longer than ${delaysMs.at(-1)} ms`);
}

const untilMsMax = 60_000;

/** Asks until it is so, and gives up in the end: whoever asked without end kept the process alive after a spec that had failed. */
export async function until<Value>(ask: () => Promise<Value>, isIt: (value: Value) => boolean): Promise<Value> {
  const end = Date.now() + untilMsMax;
  for (;;) {
    const value = await ask();
    if (isIt(value)) return value;
    if (Date.now() > end) throw new Error(`not so within ${untilMsMax} ms; at last: ${String(value)}`);
  }
}

/** The class of the error that the client threw. */
export const classOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: Error) => error.name,
  );
