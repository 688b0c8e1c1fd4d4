import type { Attempt } from './channel.js';

export type Buttons = readonly { readonly text: string; readonly data: string }[];

/** What somebody did in a chat. `updateId` is the same when the service repeats it. */
export type ChatUpdate = {
  readonly updateId: number;
  readonly chatId: number;
  readonly telegramUserId: number;
} & (
  | {
      readonly kind: 'wrote';
      readonly text: string /** The person, and the group if it is one. */;
      readonly label: string;
    }
  | { readonly kind: 'pressed'; readonly buttonId: string; readonly data: string; readonly messageId: number }
);

/** What came, and from where to ask on; `next` counts what is of no interest to us too. */
export interface ChatUpdates {
  readonly updates: readonly ChatUpdate[];
  readonly next: number;
}

/** A failure that carries nothing of the request: its URL holds the token. */
export class ChatFailed extends Error {
  override readonly name = 'ChatFailed';

  constructor(
    readonly attempt: Exclude<Attempt, { kind: 'delivered' }>,
    method: string,
  ) {
    super(`${method}: ${attempt.kind === 'throttled' ? `wait ${attempt.waitMs} ms` : attempt.text}`);
  }
}

/** The service whose chats we are in. Texts are HTML of {@link telegramParts}. Every failure is a {@link ChatFailed}. */
export abstract class ChatService {
  /** What the bot is called there; empty when it has no name. */
  abstract name(): Promise<string>;
  /** Waits up to so many seconds for something to come. */
  abstract updates(from: number, waitSeconds: number, signal: AbortSignal): Promise<ChatUpdates>;
  abstract send(chatId: number, html: string, buttons?: Buttons): Promise<void>;
  /** Takes the buttons away with it. */
  abstract edit(chatId: number, messageId: number, html: string): Promise<void>;
  abstract answerButton(buttonId: string, text: string): Promise<void>;
}
