import type { Contract, StreamName } from '@scalpstorm/contracts';
import type { Stamped } from '../domain/families.js';
import type { HeardMessage } from '../domain/translate.js';

export interface StoredMessage extends HeardMessage {
  readonly streamSequence: number;
  /** Milliseconds since the epoch. */
  readonly storedAtMs: number;
}

/** The messages of one stream, in order, each until it is said to be done. */
export abstract class EventStream {
  abstract readonly stream: StreamName;
  abstract begin(): Promise<void>;
  /** Empty when it was stopped. */
  abstract next(limits: { messagesMax: number; bytesMax: number }): Promise<readonly StoredMessage[]>;
  abstract done(messages: readonly StoredMessage[]): void;
  /** Keeps it in the dead letters. @throws when it could not be stored there */
  abstract bury(message: StoredMessage, reason: string): Promise<void>;
  abstract stop(withinMs: number): Promise<void>;
  /** How many are not yet done, here and at the server. @throws when the server does not answer */
  abstract behind(): Promise<number>;
  abstract readonly inHand: number;
  abstract readonly oldestStoredAtMs: number | null;
  abstract readonly reading: boolean;
}

export abstract class EventStreams {
  /** @throws when there is no such consumer */
  abstract open(stream: StreamName): Promise<EventStream>;
  /** Events of the moment, at most once. */
  abstract listen(contracts: readonly Contract<Stamped>[], hear: (message: HeardMessage) => void): Promise<void>;
}
