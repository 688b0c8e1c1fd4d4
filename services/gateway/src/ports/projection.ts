import type { BotChanged } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { OrderRequest, UserId } from '@scalpstorm/model';
import type { ProjectedEvent } from '../domain/projected-event.js';
import type { OrderView } from '../domain/views.js';

/** When an order was asked for, and until when it may be judged. */
export interface AskedOrder {
  readonly askedAt: Timestamp;
  readonly validUntil: Timestamp;
}
export interface EndedRequest {
  readonly userId: UserId;
  readonly view: OrderView;
}

/** Folds events into the read model. */
export abstract class Projection {
  /**
   * Resolves when the fold is durable. False when it changed nothing that anybody sees: seen before, or older than what
   * is known. A repeat is harmless.
   */
  abstract fold(event: ProjectedEvent): Promise<boolean>;
  /** What an answer already told us, so that a user reads their own write before its event arrives. */
  abstract foldAnswer(change: Pick<BotChanged, 'bot' | 'deleted'>): Promise<void>;
  /** An order that was asked for here: whoever asked finds it at once, and its verdict replaces it. */
  abstract foldRequest(request: OrderRequest, asked: AskedOrder): Promise<void>;
  /**
   * Ends requests that nobody judged in time, the oldest first and at most some hundred: from now on they are shown as denied. Whatever
   * is told of one afterwards stands nevertheless. Returns them as they are shown now.
   */
  abstract endUnheard(validBefore: Timestamp, now: Timestamp): Promise<readonly EndedRequest[]>;
}
