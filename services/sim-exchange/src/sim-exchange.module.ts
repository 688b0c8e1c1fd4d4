import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileCaptureSource } from './adapters/file-capture-source.js';
import type { Account, Credentials } from './domain/account.js';
import { Exchange } from './domain/exchange.js';
import type { BestQuote, Market, PublicTrade } from './domain/market.js';
import { depositOpeningBalances } from './domain/opening-balances.js';
import { VenueNews } from './domain/venue-news.js';
import type { OrderChange, VenueOrder } from './domain/venue-order.js';
import { AdminApi } from './handlers/admin-api.js';
import { FaultSwitch } from './handlers/fault-switch.js';
import { createHttpDoor } from './handlers/http-door.js';
import { MarketStreams, tickMs } from './handlers/market-streams.js';
import { type CaptureReport, RecordedFeed } from './handlers/recorded-feed.js';
import { RestApi } from './handlers/rest-api.js';
import { StreamHub } from './handlers/stream-hub.js';
import { createSyntheticFeed } from './handlers/synthetic-feed.js';
import { Trading } from './handlers/trading.js';
import { UserStreams } from './handlers/user-streams.js';
import { WebsocketApi } from './handlers/websocket-api.js';
import { openWebsocketDoor } from './handlers/websocket-door.js';
import type { SimExchangeOptions } from './options.js';

/** The first line of stdout: all that a client needs. */
export interface Announcement {
  readonly rest: string;
  readonly spotWs: string;
  readonly wsApi: string;
  readonly symbols: readonly string[];
  readonly account: Credentials;
  /** Only with more than one account. */
  readonly accounts?: readonly Credentials[];
}

export interface SimExchange {
  readonly announcement: Announcement;
  /** Lets the market run. The promise ends with a replay, and never for a synthetic market. */
  run(): Promise<CaptureReport>;
  stop(): Promise<void>;
}

/** Tells the streams what the exchange says. */
class StreamedNews extends VenueNews {
  readonly markets = new Map<Market, MarketStreams>();

  constructor(
    private readonly users: UserStreams,
    private readonly onOrder: () => void,
  ) {
    super();
  }

  traded(market: Market, trade: PublicTrade): void {
    this.markets.get(market)?.traded(trade);
  }

  quoteChanged(market: Market, quote: BestQuote): void {
    this.markets.get(market)?.quoteChanged(quote);
  }

  orderChanged(account: Account, order: VenueOrder, change: OrderChange): void {
    this.onOrder();
    this.users.orderChanged(account, order, change);
  }

  balancesChanged(account: Account, assets: readonly string[]): void {
    this.users.balancesChanged(account, assets);
  }
}

/** Puts the venue together and opens its doors; resolves when history and a two-sided book exist. */
export async function startSimExchange(options: SimExchangeOptions): Promise<SimExchange> {
  const now = Date.now;
  const users = new UserStreams(now);
  const subscribed = Promise.withResolvers<void>();
  const ordered = Promise.withResolvers<void>();
  const news = new StreamedNews(users, () => ordered.resolve());
  const exchange = new Exchange(news, options.fees);
  const hub = new StreamHub(() => subscribed.resolve());
  const feed = await openFeed(exchange, options, now);
  const trading = new Trading(exchange);
  const faults = new FaultSwitch();
  const admin = options.admin ? new AdminApi(exchange, faults, feed.step) : null;
  const server = createHttpDoor({ rest: new RestApi(exchange, trading), admin, faults, now, isReady: () => true });
  const sockets = openWebsocketDoor(server, { hub, api: new WebsocketApi(exchange, trading, users), faults, now });
  const specs = exchange.allMarkets().map((market) => market.spec);
  for (const credentials of options.accounts) depositOpeningBalances(exchange.openAccount(credentials), specs);
  for (const market of exchange.allMarkets()) news.markets.set(market, new MarketStreams(hub, market));
  const port = await listen(server, options);
  const beat = setInterval(() => {
    for (const streams of news.markets.values()) streams.tick(now());
  }, tickMs);
  return {
    run: async () => {
      if (options.waitForSubscriber) await subscribed.promise;
      return feed.run(options.waitForOrder ? ordered.promise : Promise.resolve());
    },
    announcement: announce(
      options,
      port,
      specs.map((spec) => spec.symbol),
    ),
    stop: async () => {
      clearInterval(beat);
      feed.stop();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Feed {
  readonly step: ((steps: number) => void) | null;
  /** A recorded market plays on past its first trade only when `hold` resolves. */
  run(hold: Promise<void>): Promise<CaptureReport>;
  stop(): void;
}

async function openFeed(exchange: Exchange, options: SimExchangeOptions, now: () => number): Promise<Feed> {
  const { file, speed } = options;
  if (file === null) {
    const synthetic = createSyntheticFeed(exchange, { ...options, now });
    return {
      step: (steps) => synthetic.step(steps),
      run: () => {
        synthetic.start();
        return Promise.withResolvers<CaptureReport>().promise;
      },
      stop: () => synthetic.stop(),
    };
  }
  const tell = (text: string): boolean => process.stderr.write(`${text}\n`);
  const { feed, run } = await RecordedFeed.open(exchange, { source: new FileCaptureSource(file), speed, now, tell });
  return { step: null, run, stop: () => feed.stop() };
}

function listen(server: Server, { host, port }: SimExchangeOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

function announce(options: SimExchangeOptions, port: number, symbols: readonly string[]): Announcement {
  const [account] = options.accounts;
  if (account === undefined) throw new Error('no account');
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    rest: `http://${host}:${port}`,
    spotWs: `ws://${host}:${port}/stream/ws`,
    wsApi: `ws://${host}:${port}/ws-api/v3`,
    symbols,
    account,
    ...(options.accounts.length > 1 ? { accounts: options.accounts } : {}),
  };
}
