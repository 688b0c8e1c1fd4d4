import type { Exchange } from '../domain/exchange.js';
import { errorBody, isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import type { TextSocket } from '../ports/text-socket.js';
import { authenticate } from './authentication.js';
import type { Trading } from './trading.js';
import type { TradingCall } from './trading-call.js';
import type { UserStreams } from './user-streams.js';
import { publicMethod } from './websocket-public.js';

type Method = (call: TradingCall, socket: TextSocket) => object | VenueError;

export interface ApiMessage {
  readonly id: string | number | null;
  readonly method: string;
  readonly params: URLSearchParams;
  /** Of a fault: orders and fills are shown as they were so long ago. */
  readonly staleMs?: number;
}

export interface AnswerSurroundings {
  readonly now: number;
  /** What is used of the limits; asked after the message was carried out. */
  readonly rateLimits: () => readonly object[];
  /** The limits that exchangeInfo tells. */
  readonly limits: () => readonly object[];
}

/** `/ws-api/v3`: `{id, method, params}` in, `{id, status, result | error}` out; user events arrive on the same connection. */
export class WebsocketApi {
  private readonly methods: Readonly<Record<string, Method>>;

  constructor(
    private readonly exchange: Exchange,
    trading: Trading,
    private readonly users: UserStreams,
  ) {
    this.methods = {
      'userDataStream.subscribe.signature': ({ account }, socket) => ({
        subscriptionId: users.subscribe(account, socket),
      }),
      'order.place': (call) => trading.place(call),
      'order.test': (call) => trading.test(call),
      'order.cancel': (call) => trading.cancel(call),
      'order.cancelReplace': (call) => trading.cancelReplace(call),
      'order.status': (call) => trading.status(call),
      'openOrders.status': (call) => trading.open(call),
      'openOrders.cancelAll': (call) => trading.cancelAll(call),
      allOrders: (call) => trading.all(call),
      myTrades: (call) => trading.fills(call),
      'account.commission': (call) => trading.commission(call),
      'account.status': (call) => trading.balances(call),
    };
  }

  close(socket: TextSocket): void {
    this.users.close(socket);
  }

  /** Null when the text is not a request; then the answer is the error that {@link unreadable} gives. */
  read(text: string): ApiMessage | null {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return null;
    }
    if (typeof value !== 'object' || value === null) return null;
    const { id = null, method, params = {} } = value as Record<string, unknown>;
    if (typeof method !== 'string' || typeof params !== 'object' || params === null) return null;
    const entries = Object.entries(params).map(([name, one]): [string, string] => [name, textOf(one)]);
    return {
      id: typeof id === 'string' || typeof id === 'number' ? id : null,
      method,
      params: new URLSearchParams(entries),
    };
  }

  answer(message: ApiMessage, socket: TextSocket, { now, rateLimits, limits }: AnswerSurroundings): string {
    const result = this.result(message, socket, now);
    const { id } = message;
    if (!isRefused(result)) {
      const told = message.method === 'exchangeInfo' ? { ...result, rateLimits: limits() } : result;
      return JSON.stringify({ id, status: 200, result: told, rateLimits: rateLimits() });
    }
    return JSON.stringify({ id, status: result.status, error: errorBody(result), rateLimits: rateLimits() });
  }

  get unreadable(): string {
    const { status, code, msg } = venueErrors.missing('method');
    return JSON.stringify({ id: null, status, error: { code, msg } });
  }

  private result({ method, params, staleMs }: ApiMessage, socket: TextSocket, now: number): object | VenueError {
    const open = publicMethod(method);
    if (open !== null) return open(this.exchange, params, now);
    if (method === 'session.subscriptions') return this.users.of(socket).map((subscriptionId) => ({ subscriptionId }));
    const call = Object.hasOwn(this.methods, method) ? this.methods[method] : undefined;
    if (call === undefined) return venueErrors.unknownEndpoint(method);
    const account = authenticate(this.exchange, {
      apiKey: params.get('apiKey'),
      payload: signedText(params),
      params,
      now,
    });
    return isRefused(account) ? account : call({ account, params, now, staleMs }, socket);
  }
}

/** A list has the form that it has in a query: `["BTCUSDT","ETHUSDT"]`. */
const textOf = (value: unknown): string => (Array.isArray(value) ? JSON.stringify(value) : String(value));

/** The websocket API signs the parameters in alphabetical order, unescaped. */
function signedText(params: URLSearchParams): string {
  return [...params]
    .filter(([name]) => name !== 'signature')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}
