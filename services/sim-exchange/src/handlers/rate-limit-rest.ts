import type { Exchange } from '../domain/exchange.js';
import { operationOf } from './fault-rule.js';
import { weightOf } from './rate-limit-weights.js';
import type { LimitRefusal, RateLimits } from './rate-limits.js';
import type { RestAnswer, RestApi, RestRequest } from './rest-api.js';

export interface LimitedAnswer extends RestAnswer {
  readonly headers: Readonly<Record<string, string>>;
}

/** The REST calls behind the venue's limits: counted, refused when it is too much, and told in headers how much is used. */
export class LimitedRest {
  constructor(
    private readonly rest: RestApi,
    private readonly exchange: Exchange,
    private readonly limits: RateLimits,
  ) {}

  handle(request: RestRequest, ip: string): LimitedAnswer {
    const name = `${request.method} ${request.path}`;
    const weight = weightOf(name, () => new URLSearchParams(request.query || request.body));
    const accountId = operationOf(name) === 'place' ? this.accountId(request.apiKey) : null;
    const refusal =
      this.limits.charge(ip, weight) ?? (accountId === null ? null : this.limits.orderRefusal(ip, accountId));
    const used = String(this.limits.usedWeight(ip));
    const headers = { 'x-mbx-used-weight': used, 'x-mbx-used-weight-1m': used };
    if (refusal !== null) return refused(refusal, headers);
    const answer = this.rest.handle(request);
    if (name === 'GET /api/v3/exchangeInfo' && answer.status === 200) {
      return { status: 200, body: { ...answer.body, rateLimits: this.limits.rows() }, headers };
    }
    if (accountId === null || answer.status !== 200) return { ...answer, headers };
    return { ...answer, headers: { ...headers, ...this.orderHeaders(accountId) } };
  }

  private orderHeaders(accountId: number): Readonly<Record<string, string>> {
    return {
      'x-mbx-order-count-10s': String(this.limits.ordersIn10Seconds(accountId)),
      'x-mbx-order-count-1d': String(this.limits.ordersInDay(accountId)),
    };
  }

  private accountId(apiKey: string | null): number | null {
    return apiKey === null ? null : (this.exchange.account(apiKey)?.id ?? null);
  }
}

function refused(refusal: LimitRefusal, headers: Readonly<Record<string, string>>): LimitedAnswer {
  const { status, code, msg, retryAfterSeconds } = refusal;
  return { status, body: { code, msg }, headers: { ...headers, 'retry-after': String(retryAfterSeconds) } };
}
