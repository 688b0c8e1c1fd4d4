import type { BotChanged } from '@scalpstorm/contracts';
import type { Timestamp } from '@scalpstorm/kernel';
import type { OrderRequest } from '@scalpstorm/model';
import type { ProjectedEvent } from '../domain/projected-event.js';

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
  abstract foldRequest(request: OrderRequest, askedAt: Timestamp): Promise<void>;
}
