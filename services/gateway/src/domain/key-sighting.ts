import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';

/** Whose key came from where, and what became of it, since the last time that somebody asked. */
export interface KeySighting {
  /** Null: a key that does not exist. */
  readonly key: { readonly id: string; readonly userId: UserId } | null;
  readonly place: string;
  /** Null: it was let in. */
  readonly refusal: string | null;
  readonly times: number;
  readonly firstAt: Timestamp;
  readonly lastAt: Timestamp;
}
