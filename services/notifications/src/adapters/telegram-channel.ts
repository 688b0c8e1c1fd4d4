import { assert } from '@scalpstorm/kernel';
import { type Attempt, Channel, type Delivery } from '../ports/channel.js';
import { type TelegramApi, TelegramFailed } from './telegram-api.js';

/** Messages of the outbox to linked chats. */
export class TelegramChannel extends Channel {
  readonly name = 'telegram';

  constructor(private readonly api: TelegramApi) {
    super();
  }

  async send({ payload, destination }: Delivery): Promise<Attempt> {
    assert(payload.channel === 'telegram', 'a payload of another channel');
    try {
      await this.api.send(Number(destination), payload.html);
      return { kind: 'delivered' };
    } catch (error) {
      if (error instanceof TelegramFailed) return error.attempt;
      throw error;
    }
  }

  async close(): Promise<void> {
    // Requests are bounded in time; nothing is kept open.
  }
}
