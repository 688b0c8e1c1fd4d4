import { Injectable } from '@nestjs/common';
import { Log, outOfContext, span } from '@scalpstorm/observability';
import { ChatFailed, type ChatService, type ChatUpdate } from '../ports/chat-service.js';
import type { TelegramChat } from './telegram-chat.js';
import type { TelegramName } from './telegram-name.js';

interface Parts {
  readonly chats: ChatService;
  readonly chat: TelegramChat;
  readonly name: TelegramName;
  readonly log: Log;
}

/** A chat that takes longer, because services do not answer, goes on beside the next question to Telegram. */
const roundMsMax = 1_000;
/** Updates of chats that are not done; more are not asked for. */
const openMax = 500;
const openOfChatMax = 20;
const closeMsMax = 1_500;
const waitSeconds = 25;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * Asks Telegram for what people wrote (long polling: nothing has to be reachable from outside). What was taken is confirmed with the
 * next question, whatever became of it; one that comes twice all the same asks twice, under the same command id.
 */
@Injectable()
export class TelegramUpdates {
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private from = 0;
  /** By chat: what it is busy with, and how many updates that are. */
  private readonly open = new Map<number, { done: Promise<void>; count: number }>();

  /** Null: Telegram is not configured. */
  constructor(private readonly parts: Parts | null) {}

  start(): void {
    if (this.parts !== null) this.running ??= this.run(this.parts);
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.running;
    await this.settled(closeMsMax);
  }

  private async run({ chats, chat, name, log }: Parts): Promise<void> {
    let pauseMs = 0;
    while (!this.ending.signal.aborted) {
      try {
        if (name.name === '') name.name = await chats.name();
        const { updates, next } = await chats.updates(this.from, waitSeconds, this.ending.signal);
        if (pauseMs > 0) log.info({}, 'Telegram answers again');
        pauseMs = 0;
        this.from = next;
        for (const update of updates) this.take(update, chat, log);
        do await this.settled(roundMsMax);
        while (this.openCount > openMax && !this.ending.signal.aborted);
      } catch (error) {
        if (this.ending.signal.aborted) return;
        const reason = error instanceof ChatFailed ? error.message : 'an update could not be handled';
        const facts = error instanceof ChatFailed ? { reason } : { reason, error };
        if (pauseMs === 0) log.warn(facts, 'Telegram is not listened to for a while');
        const asked = error instanceof ChatFailed && error.attempt.kind === 'throttled' ? error.attempt.waitMs : 0;
        pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs, asked), Math.max(longestPauseMs, asked));
        await this.pause(pauseMs);
      }
    }
  }

  /** In their order within a chat; chats do not wait for each other. */
  private take(update: ChatUpdate, chat: TelegramChat, log: Log): void {
    const { chatId, updateId } = update;
    const open = this.open.get(chatId) ?? { done: Promise.resolve(), count: 0 };
    if (open.count >= openOfChatMax) {
      log.warn({ updateId }, 'a chat writes faster than it can be answered; an update of it is passed over');
      return;
    }
    open.count += 1;
    open.done = open.done.then(async () => {
      const take = () => span('telegram update', {}, () => chat.take(update), { kind: 'server', begins: true });
      await outOfContext(take, { requestId: `telegram-${updateId}` });
      open.count -= 1;
      if (open.count === 0) this.open.delete(chatId);
    });
    this.open.set(chatId, open);
  }

  /** Waits until every chat is done, or so long. */
  private async settled(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([Promise.all([...this.open.values()].map(({ done }) => done)), late]);
    clearTimeout(timer);
  }

  private get openCount(): number {
    return [...this.open.values()].reduce((sum, { count }) => sum + count, 0);
  }

  private async pause(ms: number): Promise<void> {
    const { signal } = this.ending;
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(end, ms);
      function end() {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      }
      signal.addEventListener('abort', end);
    });
  }
}
