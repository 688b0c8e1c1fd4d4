import { Injectable } from '@nestjs/common';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import type { OwnChannel } from '../../domain/channel.js';
import type { StreamSession } from './stream-session.js';

/** Everybody who is listening now. */
@Injectable()
export class LiveHub {
  readonly #sessions = new Set<StreamSession>();

  get size(): number {
    return this.#sessions.size;
  }

  /** The users who are listening. */
  users(): ReadonlySet<UserId> {
    const users = new Set<UserId>();
    for (const { userId } of this.#sessions) if (userId !== null) users.add(userId);
    return users;
  }

  add(session: StreamSession): void {
    this.#sessions.add(session);
  }

  remove(session: StreamSession): void {
    this.#sessions.delete(session);
  }

  /** To the sessions of that user; null: to everybody. */
  push(
    userId: UserId | null,
    change: { readonly channel: OwnChannel; readonly row: unknown; readonly at: Timestamp },
  ): void {
    for (const session of this.#sessions) {
      if (session.userId === null || (userId !== null && session.userId !== userId)) continue;
      session.change(change.channel, change.row, change.at);
    }
  }

  tick(): void {
    for (const session of this.#sessions) session.tick();
  }
}
