import type { UserId } from '@scalpstorm/model';

export interface KeyedRequest {
  readonly userId: UserId;
  readonly key: string;
  /** Of method, path and body. */
  readonly requestHash: string;
}
export interface KeptAnswer {
  readonly status: number;
  readonly body: unknown;
}
/** Kept sealed, and for ten minutes only: whoever asks again did not get the first answer, and does so soon. */
export interface SecretAnswer extends KeptAnswer {
  readonly isSecret: boolean;
}
export type Claim =
  | { readonly kind: 'claimed' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** It was answered, and the answer, which held a secret, is not kept any more. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'reused' }
  | { readonly kind: 'busy' };

/** What was answered to a request with an Idempotency-Key, for a day. */
export abstract class IdempotencyLedger {
  abstract claim(request: KeyedRequest): Promise<Claim>;
  abstract keep(request: KeyedRequest, answer: SecretAnswer): Promise<void>;
  /** Nothing happened: the key may be used for anything. */
  abstract forget(request: KeyedRequest): Promise<void>;
  /** Nobody knows whether it happened: the key stays with this request, and a repeat may run at once. */
  abstract release(request: KeyedRequest): Promise<void>;
}
