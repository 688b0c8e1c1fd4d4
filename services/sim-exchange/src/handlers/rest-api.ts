import type { Exchange } from '../domain/exchange.js';
import { feeRateText } from '../domain/fees.js';
import { errorBody, isRefused, type VenueError, venueErrors } from '../domain/venue-error.js';
import { authenticate, withoutSignature } from './authentication.js';
import { publicCalls } from './rest-public.js';
import type { Trading } from './trading.js';
import type { TradingCall } from './trading-call.js';

export interface RestRequest {
  readonly method: string;
  readonly path: string;
  /** Without the question mark, exactly as it came. */
  readonly query: string;
  readonly body: string;
  readonly apiKey: string | null;
  readonly now: number;
  /** Of a fault: orders and fills are shown as they were so long ago. */
  readonly staleMs?: number;
}

export interface RestAnswer {
  readonly status: number;
  readonly body: object;
}

type SignedCall = (call: TradingCall) => object | VenueError;

/** `/api/v3` and the few `/sapi/v1` calls that clients make by themselves. Synchronous: one request, one answer. */
export class RestApi {
  private readonly signedCalls: Readonly<Record<string, SignedCall>>;

  constructor(
    private readonly exchange: Exchange,
    trading: Trading,
  ) {
    const nothing: SignedCall = () => [];
    this.signedCalls = {
      'POST /api/v3/order': (call) => trading.place(call),
      'POST /api/v3/order/test': (call) => trading.test(call),
      'POST /api/v3/order/cancelReplace': (call) => trading.cancelReplace(call),
      'GET /api/v3/order': (call) => trading.status(call),
      'DELETE /api/v3/order': (call) => trading.cancel(call),
      'GET /api/v3/openOrders': (call) => trading.open(call),
      'DELETE /api/v3/openOrders': (call) => trading.cancelAll(call),
      'GET /api/v3/allOrders': (call) => trading.all(call),
      'GET /api/v3/myTrades': (call) => trading.fills(call),
      'GET /api/v3/account': (call) => trading.balances(call),
      'GET /api/v3/account/commission': (call) => trading.commission(call),
      'GET /sapi/v1/margin/allPairs': nothing,
      'GET /sapi/v1/margin/isolated/allPairs': nothing,
      'GET /sapi/v1/capital/config/getall': nothing,
      'GET /sapi/v1/asset/tradeFee': () => this.tradeFees(),
    };
  }

  handle(request: RestRequest): RestAnswer {
    const answer = this.answer(request);
    if (!isRefused(answer)) return { status: 200, body: answer };
    return { status: answer.status, body: errorBody(answer) };
  }

  private answer(request: RestRequest): object | VenueError {
    const name = `${request.method} ${request.path}`;
    const publicCall = Object.hasOwn(publicCalls, name) ? publicCalls[name] : undefined;
    if (publicCall !== undefined) return publicCall(this.exchange, new URLSearchParams(request.query), request.now);
    const signedCall = Object.hasOwn(this.signedCalls, name) ? this.signedCalls[name] : undefined;
    if (signedCall === undefined) return venueErrors.unknownEndpoint(name);
    const params = new URLSearchParams(
      request.query === '' || request.body === '' ? request.query + request.body : `${request.query}&${request.body}`,
    );
    // Binance signs the query and the body as one text, without a separator.
    const payload = withoutSignature(request.query) + withoutSignature(request.body);
    const account = authenticate(this.exchange, { apiKey: request.apiKey, payload, params, now: request.now });
    return isRefused(account) ? account : signedCall({ account, params, now: request.now, staleMs: request.staleMs });
  }

  private tradeFees(): object {
    const [makerCommission, takerCommission] = [
      feeRateText(this.exchange.fees.maker),
      feeRateText(this.exchange.fees.taker),
    ];
    return this.exchange
      .allMarkets()
      .map(({ spec }) => ({ symbol: spec.wireSymbol, makerCommission, takerCommission }));
  }
}
