import { Injectable } from '@nestjs/common';
import type { Timestamp } from '@scalpstorm/kernel';
import type { UserId } from '@scalpstorm/model';
import { Log } from '@scalpstorm/observability';
import { ReadModel } from '../../ports/read-model.js';
import { LiveHub } from './live-hub.js';

/**
 * Shows users whether opening orders may leave. What holds for one is the stricter of two states, so each gateway reads it for
 * those who listen there; one after the other, so that what is read last is shown last.
 */
@Injectable()
export class TradingStates {
  readonly #due = new Map<UserId, Timestamp>();
  #showing: Promise<void> | null = null;

  constructor(
    private readonly hub: LiveHub,
    private readonly readModel: ReadModel,
    private readonly log: Log,
  ) {}

  /** @param userId null: everybody's has changed */
  async show(userId: UserId | null, at: Timestamp): Promise<void> {
    const listening = this.hub.usersOf('state');
    const concerned = userId === null ? listening : [userId].filter((one) => listening.has(one));
    for (const one of concerned) this.#due.set(one, at);
    if (this.#due.size > 0) this.#showing ??= this.#showAll();
    await this.#showing;
  }

  async #showAll(): Promise<void> {
    for (const [userId, at] of this.#due) {
      // Before it is read: what changes meanwhile is read once more.
      this.#due.delete(userId);
      try {
        const row = await this.readModel.tradingState(userId);
        this.hub.push(userId, { channel: 'state', row, at });
      } catch (error) {
        this.log.warn({ error }, 'the state of trading could not be read; those who listen look anew');
        this.hub.renew(userId, 'state');
      }
    }
    this.#showing = null;
  }
}
