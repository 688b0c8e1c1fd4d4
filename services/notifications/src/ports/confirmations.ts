import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { Intent } from '../domain/intent.js';

/** A question "really?" that waits for one person in one chat. */
export interface Confirmation {
  readonly userId: UserId;
  readonly chatId: number;
  readonly telegramUserId: number;
  readonly commandId: string;
  readonly intent: Intent;
  readonly expiresAt: Timestamp;
}

export abstract class Confirmations {
  abstract ask(hash: string, confirmation: Confirmation): Promise<void>;
  /** Uses it up, for this person in this chat alone; null when it is not there, not theirs, or too old. */
  abstract take(hash: string, chatId: number, telegramUserId: number, now: Timestamp): Promise<Confirmation | null>;
  abstract prune(before: Timestamp): Promise<number>;
}
