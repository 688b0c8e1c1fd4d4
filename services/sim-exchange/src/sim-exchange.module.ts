import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { FileCaptureSource } from './adapters/file-capture-source.js';
import { SqliteJournal } from './adapters/sqlite-journal.js';
import type { Account, Credentials } from './domain/account.js';
import { Exchange } from './domain/exchange.js';
import { ForgetfulJournal, type SavedState } from './domain/journal.js';
import type { BestQuote, Market, PublicTrade } from './domain/market.js';
import type { MarketSpec } from './domain/market-spec.js';
import { depositOpeningBalances } from './domain/opening-balances.js';
import { restoreState } from './domain/restore.js';
import { VenueNews } from './domain/venue-news.js';
import type { OrderChange, VenueOrder } from './domain/venue-order.js';
import { AdminApi } from './handlers/admin-api.js';
import { FaultAdmin } from './handlers/fault-admin.js';
import { FaultSwitch } from './handlers/fault-switch.js';
import { FilterAdmin } from './handlers/filter-admin.js';
import { createHttpDoor } from './handlers/http-door.js';
import { MarketStreams, tickMs } from './handlers/market-streams.js';
import { RateLimitAdmin } from './handlers/rate-limit-admin.js';
import { LimitedMessages } from './handlers/rate-limit-messages.js';
import { LimitedRest } from './handlers/rate-limit-rest.js';
import { RateLimits } from './handlers/rate-limits.js';
import { type CaptureReport, RecordedFeed } from './handlers/recorded-feed.js';
import { RestApi } from './handlers/rest-api.js';
import { StreamHub } from './handlers/stream-hub.js';
import { createSyntheticFeed, type MarketPast } from './handlers/synthetic-feed.js';
import { Trading } from './handlers/trading.js';
import { UserStreams } from './handlers/user-streams.js';
import { WebsocketApi } from './handlers/websocket-api.js';
import { openWebsocketDoor } from './handlers/websocket-door.js';
import type { SimExchangeOptions } from './options.js';

/** Every life begins above the ids of those before it, unless it had more than this many orders a millisecond. */
const idsPerMs = 100;
/** How often the prices of the markets are noted for the next life. */
const saveMs = 1_000;

/** For people. */
const tell = (text: string): boolean => process.stderr.write(`${text}\n`);

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
    private readonly onOrder: (account: Account, order: VenueOrder, change: OrderChange) => void,
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
    this.onOrder(account, order, change);
    this.users.orderChanged(account, order, change);
  }

  balancesChanged(account: Account, assets: readonly string[]): void {
    this.users.balancesChanged(account, assets);
  }
}

/** Puts the venue together and opens its doors; resolves when history and a two-sided book exist. */
export async function startSimExchange(options: SimExchangeOptions): Promise<SimExchange> {
  const kept = options.state === null ? null : SqliteJournal.open(options.state, options);
  try {
    return await openVenue(options, kept);
  } catch (error) {
    kept?.journal.close();
    throw error;
  }
}

type Kept = ReturnType<typeof SqliteJournal.open>;

async function openVenue(options: SimExchangeOptions, kept: Kept | null): Promise<SimExchange> {
  const faults = new FaultSwitch();
  /** The clock of the venue, which a fault may put wrong. */
  const now = (): number => Date.now() + faults.skewMs;
  const limits = new RateLimits(options.limits);
  const users = new UserStreams(now);
  const subscribed = Promise.withResolvers<void>();
  const ordered = Promise.withResolvers<void>();
  const news = new StreamedNews(users, (account, order, change) => {
    ordered.resolve();
    limits.orderChanged(account.id, order, change);
  });
  const idBase = options.idBase ?? now() * idsPerMs;
  const exchange = new Exchange(news, options.fees, kept?.journal ?? new ForgetfulJournal(), idBase);
  const hub = new StreamHub(() => subscribed.resolve());
  const feed = await openFeed(exchange, options, { saved: kept?.saved ?? null, idBase, now });
  openAccounts(exchange, options.accounts, { saved: kept?.saved ?? null, now: now() });
  const trading = new Trading(exchange);
  const switches = [new FaultAdmin(faults), new RateLimitAdmin(limits), new FilterAdmin(exchange)];
  const admin = options.admin ? new AdminApi(exchange, switches, feed.step) : null;
  const rest = new LimitedRest(new RestApi(exchange, trading), exchange, limits);
  const server = createHttpDoor({ rest, admin, faults, now, isReady: () => true });
  const api = new WebsocketApi(exchange, trading, users);
  const limited = new LimitedMessages(api, exchange, limits);
  const sockets = openWebsocketDoor(server, { hub, api, limited, faults, now, tell });
  for (const market of exchange.allMarkets()) news.markets.set(market, new MarketStreams(hub, market));
  const port = await listen(server, options);
  const beat = setInterval(() => {
    exchange.rollCandles(now());
    for (const streams of news.markets.values()) streams.tick(now());
  }, tickMs);
  const save = setInterval(() => exchange.saveMarkets(), saveMs);
  return {
    run: async () => {
      if (options.waitForSubscriber) await subscribed.promise;
      return feed.run(options.waitForOrder ? ordered.promise : Promise.resolve());
    },
    announcement: announce(
      options,
      port,
      exchange.allMarkets().map((market) => market.spec.symbol),
    ),
    stop: async () => {
      clearInterval(beat);
      clearInterval(save);
      feed.stop();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      exchange.saveMarkets();
      kept?.journal.close();
    },
  };
}

/** Earlier accounts come back with what they had; a new one, or a new asset, begins with opening balances. */
function openAccounts(
  exchange: Exchange,
  keys: readonly Credentials[],
  { saved, now }: { readonly saved: SavedState | null; readonly now: number },
): void {
  const specs = exchange.allMarkets().map((market) => market.spec);
  if (saved !== null) restoreState(exchange, saved, { keys, now });
  exchange.atomically(() => {
    for (const key of keys)
      depositOpeningBalances(exchange.account(key.apiKey) ?? exchange.openAccount(key), specs, exchange.fees.asset);
  });
  exchange.saveMarkets();
}

interface Feed {
  readonly step: ((steps: number) => void) | null;
  /** A recorded market plays on past its first trade only when `hold` resolves. */
  run(hold: Promise<void>): Promise<CaptureReport>;
  stop(): void;
}

interface FeedPast {
  readonly saved: SavedState | null;
  readonly idBase: number;
  readonly now: () => number;
}

async function openFeed(exchange: Exchange, options: SimExchangeOptions, past: FeedPast): Promise<Feed> {
  const { file, speed } = options;
  const { saved, now } = past;
  const tradeIdOf = (wireSymbol: string): number => saved?.markets.get(wireSymbol)?.tradeIdMax ?? past.idBase + 1;
  const pastOf = ({ wireSymbol, tickUnits, lotUnits }: MarketSpec): MarketPast => {
    const market = saved?.markets.get(wireSymbol);
    // A price in other ticks is none of this market's, and neither are candles in other lots.
    const lastPrice = market?.tickUnits === tickUnits ? market.lastPrice : null;
    const isSame = lastPrice !== null && market?.lotUnits === lotUnits;
    const candles = isSame ? (saved?.candlesOf(wireSymbol) ?? null) : null;
    return { tradeId: tradeIdOf(wireSymbol), lastPrice, candles };
  };
  if (file === null) {
    const livesBefore = saved === null ? 0 : saved.lives - 1;
    const synthetic = createSyntheticFeed(exchange, { ...options, now, pastOf, livesBefore });
    return {
      step: (steps) => synthetic.step(steps),
      run: () => {
        synthetic.start();
        return Promise.withResolvers<CaptureReport>().promise;
      },
      stop: () => synthetic.stop(),
    };
  }
  const { feed, run } = await RecordedFeed.open(exchange, {
    source: new FileCaptureSource(file),
    speed,
    // The pace of a record is none of the venue's clock.
    now: Date.now,
    tell,
    firstTradeId: tradeIdOf,
    candleDays: options.historyDays,
  });
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
