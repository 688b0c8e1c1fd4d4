import type { Exchange } from '../domain/exchange.js';
import type { TextSocket } from '../ports/text-socket.js';
import { operationOf } from './fault-rule.js';
import { connectionWeight, weightOf } from './rate-limit-weights.js';
import type { LimitRefusal, RateLimits } from './rate-limits.js';
import type { ApiMessage, WebsocketApi } from './websocket-api.js';
import { restNameOf } from './websocket-public.js';

export interface LimitedReply {
  readonly text: string;
  /** A banned address is disconnected. */
  readonly closes: boolean;
}

/** The websocket API behind the same limits as REST; addresses and accounts share what they use. */
export class LimitedMessages {
  constructor(
    private readonly api: WebsocketApi,
    private readonly exchange: Exchange,
    private readonly limits: RateLimits,
  ) {}

  /** May this address open a connection? */
  refusesConnection(ip: string): LimitRefusal | null {
    return this.limits.charge(ip, connectionWeight);
  }

  answer(message: ApiMessage, from: { readonly socket: TextSocket; readonly ip: string }, now: number): LimitedReply {
    const { method, params } = message;
    const account = this.exchange.account(params.get('apiKey') ?? '');
    const orderer = operationOf(method) === 'place' && account !== null ? account.id : null;
    const refusal =
      this.limits.charge(
        from.ip,
        weightOf(restNameOf(method) ?? method, () => params),
      ) ?? (orderer === null ? null : this.limits.orderRefusal(from.ip, orderer));
    if (refusal === null) {
      return {
        text: this.api.answer(message, from.socket, {
          now,
          rateLimits: () => this.limits.usage(from.ip, orderer),
          limits: () => this.limits.rows(),
        }),
        closes: false,
      };
    }
    const { status, code, msg, retryAt } = refusal;
    const error = { code, msg, data: { serverTime: now, retryAfter: retryAt } };
    const rateLimits = this.limits.usage(from.ip, orderer);
    return { text: JSON.stringify({ id: message.id, status, error, rateLimits }), closes: status === 418 };
  }
}
