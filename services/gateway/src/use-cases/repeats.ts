import { createHash, createHmac, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { NoAnswer, SendFailed } from '@scalpstorm/bus';
import type { UserId } from '@scalpstorm/model';
import { ProblemRaised, problems } from '../domain/problem.js';
import { GatewaySettings } from '../ports/gateway-settings.js';
import {
  IdempotencyLedger,
  type KeptAnswer,
  type KeyedRequest,
  type SecretAnswer,
} from '../ports/idempotency-ledger.js';

const keyPattern = /^[\x21-\x7e]{1,255}$/;
/** Larger answers are not kept; none of the keyed operations has one. */
const answerCharactersMax = 256_000;

/** A request as it came in: `content` is everything that makes it this request and no other. */
export interface Repeatable {
  readonly userId: UserId;
  readonly key: string | undefined;
  readonly content: readonly unknown[];
  /** Status of an answer that is kept. */
  readonly status: number;
  /** The answer holds a secret, so it is kept sealed, and shortly. */
  readonly secretReply: boolean;
}
export interface RepeatableAnswer extends KeptAnswer {
  readonly replayed: boolean;
}

/**
 * The same Idempotency-Key and the same request get the same answer and the same command id, for a day (ten minutes where it
 * holds a secret; later in that day the repeat is refused, and still nothing is done twice). A failure that
 * changed nothing frees the key; an unknown outcome keeps it, so that the repeat carries the same command id.
 */
@Injectable()
export class Repeats {
  constructor(
    private readonly ledger: IdempotencyLedger,
    private readonly settings: GatewaySettings,
  ) {}

  /** Of a secret not even a plain hash is kept: a short one could be guessed from it. */
  contentOf({ secretBody }: { readonly secretBody: boolean }, body: unknown): unknown {
    if (!secretBody) return body ?? null;
    const text = JSON.stringify(body ?? null);
    return createHmac('sha256', this.settings.signingSecret).update(text).digest('hex');
  }

  async answer(
    { userId, key, content, status, secretReply }: Repeatable,
    work: (commandId: string) => Promise<unknown>,
  ): Promise<RepeatableAnswer> {
    if (key === undefined) return { status, body: await work(randomUUID()), replayed: false };
    if (!keyPattern.test(key)) throw new ProblemRaised(problems.idempotencyKeyMalformed());
    const keyed = { userId, key, requestHash: sha256(JSON.stringify(content)) };
    const claim = await this.ledger.claim(keyed);
    if (claim.kind === 'reused') throw new ProblemRaised(problems.idempotencyKeyReused());
    if (claim.kind === 'busy') throw new ProblemRaised(problems.idempotencyKeyBusy());
    if (claim.kind === 'gone') throw new ProblemRaised(problems.idempotentAnswerGone());
    if (claim.kind === 'answered') return { ...claim.answer, replayed: true };
    return { status, body: await this.#run(keyed, { status, isSecret: secretReply }, work), replayed: false };
  }

  async #run(
    keyed: KeyedRequest,
    answer: Omit<SecretAnswer, 'body'>,
    work: (commandId: string) => Promise<unknown>,
  ): Promise<unknown> {
    try {
      const body = await work(commandIdOf(keyed));
      if (JSON.stringify(body ?? null).length <= answerCharactersMax)
        await this.ledger.keep(keyed, { ...answer, body });
      return body;
    } catch (error) {
      const unknown = error instanceof NoAnswer || error instanceof SendFailed || !(error instanceof ProblemRaised);
      await (unknown ? this.ledger.release(keyed) : this.ledger.forget(keyed));
      throw error;
    }
  }
}

/** A function of user and key alone, so that it is the same even if the ledger forgot. */
const commandIdOf = (keyed: KeyedRequest): string => sha256(JSON.stringify([keyed.userId, keyed.key])).slice(0, 32);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
