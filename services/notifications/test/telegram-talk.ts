import { testNats } from '@scalpstorm/bus/testing';
import { eventually } from '@scalpstorm/testkit';
import { BotApiServer } from './bot-api-server.js';
import { NotificationsWorld, patiently } from './notifications-world.js';

/** A chat with the service, as its user sees it: what was said and edited since the test began. */
export class TelegramTalk {
  readonly telegram = new BotApiServer('123456:secret-token-of-a-test');
  private sentBefore = 0;
  private editedBefore = 0;

  /** The service with this Telegram, and the first chat linked. */
  async open(postgresUrl: string, options: { readonly gatewayAnswers?: boolean } = {}): Promise<NotificationsWorld> {
    const nats = testNats();
    if (nats === null) throw new Error('no NATS server');
    const { telegram } = this;
    await telegram.open();
    const settings = {
      TELEGRAM_BOT_TOKEN: telegram.token,
      TELEGRAM_API_ROOT: telegram.root,
      NOTIFICATIONS_PER_MINUTE_MAX: '600',
    };
    const world = await NotificationsWorld.open({ nats, postgresUrl }, settings, options);
    await world.link((text) => telegram.write(text));
    return world;
  }

  close(): Promise<void> {
    return this.telegram.close();
  }

  /** What was said until now does not count. */
  begin(): void {
    this.sentBefore = this.telegram.sent.length;
    this.editedBefore = this.telegram.edits.length;
  }

  get edits() {
    return this.telegram.edits.slice(this.editedBefore);
  }
  get sent() {
    return this.telegram.sent.slice(this.sentBefore);
  }

  said(text: string) {
    return eventually(() => found(this.sent, text), patiently);
  }

  async edited(text: string): Promise<string> {
    return (await eventually(() => found(this.edits, text), patiently)).text;
  }
}

function found<Message extends { readonly text: string }>(messages: readonly Message[], text: string): Message {
  const first = messages.find((message) => message.text.includes(text));
  if (first === undefined) throw new Error(`not said: ${text}; but ${JSON.stringify(messages)}`);
  return first;
}
