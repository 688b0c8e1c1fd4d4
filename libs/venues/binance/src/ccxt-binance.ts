import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BinanceCredentials, ResolvedOptions } from './options.js';

/** The part of ccxt's websocket client that we use. */
export interface CcxtSocket {
  readonly url: string;
  readonly connection?: { terminate?: () => void };
  /** Milliseconds by ccxt's clock; absent before the first pong. */
  readonly lastPong?: number;
  connect(backoffMs: number): Promise<unknown>;
  send(message: unknown): Promise<unknown>;
}

/** Hears one socket. */
export interface SocketEvents {
  opened(): void;
  message(payload: unknown): void;
  /** Once; the socket is of no more use. */
  closed(detail: string): void;
}

/** The part of ccxt's `binance` that we use, plus what our subclass adds. Pinned by `ccxt-binance.spec.ts`. */
export interface CcxtBinance {
  publicGetExchangeInfo(params: object): Promise<unknown>;
  publicGetTime(params: object): Promise<unknown>;
  publicGetDepth(params: object): Promise<unknown>;
  publicGetTrades(params: object): Promise<unknown>;
  publicGetTickerBookTicker(params: object): Promise<unknown>;
  publicGetKlines(params: object): Promise<unknown>;
  publicGetAvgPrice(params: object): Promise<unknown>;
  privatePostOrder(params: object): Promise<unknown>;
  privateGetOrder(params: object): Promise<unknown>;
  privateDeleteOrder(params: object): Promise<unknown>;
  privateGetOpenOrders(params: object): Promise<unknown>;
  privateGetAllOrders(params: object): Promise<unknown>;
  privateGetMyTrades(params: object): Promise<unknown>;
  privateGetAccount(params: object): Promise<unknown>;
  sapiGetAccountApiRestrictions(params: object): Promise<unknown>;
  privateGetAccountCommission(params: object): Promise<unknown>;
  signParams(params: object): object;
  /** Called with the headers of every answer, also of an error. */
  onHeaders: (headers: unknown) => void;
  openSocket(url: string, events: SocketEvents): CcxtSocket;
  dropSocket(socket: CcxtSocket): void;
  /** Ends the idle connections of REST, and the busy ones with their answer. */
  releaseConnections(): void;
}

/** An answer with an error status, unclassified: ccxt's classes depend on the host of the address. */
export class VenueAnswer extends Error {
  override readonly name = 'VenueAnswer';

  constructor(
    readonly status: number,
    readonly code: number | null,
    readonly text: string,
    /** Seconds, from `Retry-After`. */
    readonly retryAfter: number | null,
  ) {
    super(`HTTP ${status} ${code ?? ''} ${text}`);
  }
}

interface CcxtClient extends CcxtSocket {
  error?: unknown;
}

/** What we override or call inside ccxt; its own types would cost half a minute of compilation. */
interface CcxtInside {
  urls: { api: Record<string, unknown> & { ws: Record<string, unknown> & { 'ws-api': Record<string, unknown> } } };
  clients: Record<string, CcxtClient>;
  options: Record<string, unknown>;
  /** Keeps connections of REST alive; absent before the first request. */
  fetchDispatcher?: { close(): Promise<void> };
  log: (...facts: unknown[]) => void;
  client(url: string): CcxtClient;
  loadHttpProxyAgent(): Promise<unknown>;
  onConnected(client: CcxtClient): void;
  onError(client: CcxtClient, error: unknown): void;
  onClose(client: CcxtClient, event: unknown): void;
}

type CcxtConstructor = new (config: object) => CcxtInside;

const require = createRequire(import.meta.url);
/** ccxt exports only its index, which loads every exchange (2.3 s, 80 MB); the file of one class lies beside it. */
export const ccxtFolder = (): string => dirname(dirname(require.resolve('ccxt')));
export const ccxtClassPath = 'js/src/pro/binance.js';

let loaded: Promise<CcxtConstructor> | null = null;

async function loadClass(): Promise<CcxtConstructor> {
  const address = pathToFileURL(`${ccxtFolder()}/${ccxtClassPath}`).href;
  const module = (await import(address)) as { default: CcxtConstructor };
  return module.default;
}

/** One ccxt instance for our use: raw answers, raw frames, no retry, no throttle of its own. */
export async function createCcxtBinance(
  options: ResolvedOptions,
  credentials: BinanceCredentials | null,
): Promise<CcxtBinance> {
  loaded ??= loadClass();
  const exchange = rawBinance(await loaded, {
    ...(credentials ?? {}),
    // Our own budget decides; ccxt's would queue without a bound and without priorities.
    enableRateLimit: false,
    timeout: options.requestTimeout / 1_000,
    userAgent: 'scalpstorm',
    options: {
      defaultType: 'spot',
      fetchMarkets: { types: ['spot'] },
      fetchMargins: false,
      fetchCurrencies: false,
      maxRetriesOnFailure: 0,
      // The watch over silence is ours; ccxt's pings only give it something to hear.
      ws: { keepAlive: Math.max(1_000, options.silenceMax / 3_000), maxPingPongMisses: 1_000 },
    },
  });
  const { rest, spotWs, wsApi } = options.addresses;
  const api = exchange.urls.api;
  exchange.urls.api = {
    ...api,
    public: `${rest}/api/v3`,
    private: `${rest}/api/v3`,
    ws: { ...api.ws, spot: spotWs, 'ws-api': { ...api.ws['ws-api'], spot: wsApi } },
  };
  // ccxt writes unreadable frames to the standard output, which is ours.
  exchange.log = () => options.onNotice({ code: 'UNREADABLE_PAYLOAD', text: 'a frame that is not JSON' });
  await exchange.loadHttpProxyAgent();
  return exchange as unknown as CcxtBinance;
}

function rawBinance(Binance: CcxtConstructor, config: object): CcxtInside {
  class RawBinance extends Binance {
    // By socket, not by address: a late event of an old socket must not reach the listener of the next one.
    private readonly listeners = new Map<CcxtClient, SocketEvents>();

    onHeaders: (headers: unknown) => void = () => undefined;

    openSocket(url: string, events: SocketEvents): CcxtSocket {
      const client = this.client(url);
      this.listeners.set(client, events);
      // Failures are told by onError and onClose; the promise itself never rejects.
      void client.connect(0);
      return client;
    }

    dropSocket(socket: CcxtClient): void {
      this.forget(socket);
      socket.connection?.terminate?.();
    }

    releaseConnections(): void {
      // A failure to close is a connection that is closed already.
      this.fetchDispatcher?.close().catch(() => undefined);
    }

    handleErrors(status: number, ...answer: unknown[]): undefined {
      const [reason, , , headers, body, parsed] = answer;
      this.onHeaders(headers);
      if (status < 400) return undefined;
      throw answerOf({ status, reason, headers, body, parsed });
    }

    handleMessage(client: CcxtClient, payload: unknown): void {
      try {
        this.listeners.get(client)?.message(payload);
      } catch (error) {
        // ccxt would swallow it; a bug of ours must stop the process.
        queueMicrotask(() => {
          throw error;
        });
      }
    }

    override onConnected(client: CcxtClient): void {
      super.onConnected(client);
      this.listeners.get(client)?.opened();
    }

    override onError(client: CcxtClient, error: unknown): void {
      super.onError(client, error);
      this.closed(client, error instanceof Error ? error.message : String(error));
    }

    override onClose(client: CcxtClient, event: unknown): void {
      super.onClose(client, event);
      this.closed(client, 'closed by the venue');
    }

    private closed(client: CcxtClient, detail: string): void {
      const listener = this.listeners.get(client);
      this.forget(client);
      listener?.closed(detail);
    }

    private forget(client: CcxtClient): void {
      this.listeners.delete(client);
      if (this.clients[client.url] === client) delete this.clients[client.url];
    }
  }
  return new RawBinance(config);
}

interface RawAnswer {
  readonly status: number;
  readonly reason: unknown;
  readonly headers: unknown;
  readonly body: unknown;
  readonly parsed: unknown;
}

const answerTextMax = 300;

function answerOf({ status, reason, headers, body, parsed }: RawAnswer): VenueAnswer {
  const fields = (typeof parsed === 'object' && parsed !== null ? parsed : {}) as { code?: unknown; msg?: unknown };
  const code = Number.isInteger(Number(fields.code)) && fields.code !== undefined ? Number(fields.code) : null;
  const text = String(fields.msg ?? reason ?? body ?? '').slice(0, answerTextMax);
  const after = Number((headers as Record<string, unknown> | undefined)?.['Retry-After']);
  return new VenueAnswer(status, code, text, Number.isFinite(after) ? after : null);
}
