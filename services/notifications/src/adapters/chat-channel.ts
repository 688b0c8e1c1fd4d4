import { assert } from '@scalpstorm/kernel';
import { type Attempt, Channel, type Delivery } from '../ports/channel.js';
import { ChatFailed, type ChatService } from '../ports/chat-service.js';

/** Messages of the outbox to linked chats. */
export class ChatChannel extends Channel {
  readonly name = 'telegram';

  constructor(private readonly chats: ChatService) {
    super();
  }

  async send({ payload, destination }: Delivery): Promise<Attempt> {
    assert(payload.channel === 'telegram', 'a payload of another channel');
    try {
      await this.chats.send(Number(destination), payload.html);
      return { kind: 'delivered' };
    } catch (error) {
      if (error instanceof ChatFailed) return error.attempt;
      throw error;
    }
  }

  async close(): Promise<void> {
    // Requests are bounded in time; nothing is kept open.
  }
}
