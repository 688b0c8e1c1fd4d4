import { Injectable } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import { ChatFailed, type ChatService, type ChatUpdate } from '../ports/chat-service.js';
import type { TelegramChat } from './telegram-chat.js';
import type { TelegramName } from './telegram-name.js';

interface Parts {
  readonly chats: ChatService;
  readonly chat: TelegramChat;
  readonly name: TelegramName;
  readonly log: Log;
}

const waitSeconds = 25;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/**
 * Asks Telegram for what people wrote (long polling: nothing has to be reachable from outside). An update that was answered is
 * confirmed with the next question; one that comes twice asks twice, under the same command id.
 */
@Injectable()
export class TelegramUpdates {
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private from = 0;

  /** Null: Telegram is not configured. */
  constructor(private readonly parts: Parts | null) {}

  start(): void {
    if (this.parts !== null) this.running ??= this.run(this.parts);
  }

  async close(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run({ chats, chat, name, log }: Parts): Promise<void> {
    let pauseMs = 0;
    while (!this.ending.signal.aborted) {
      try {
        if (name.name === '') name.name = await chats.name();
        const { updates, next } = await chats.updates(this.from, waitSeconds, this.ending.signal);
        if (pauseMs > 0) log.info({}, 'Telegram answers again');
        pauseMs = 0;
        await this.take(updates, chat);
        this.from = next;
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
  private async take(updates: readonly ChatUpdate[], chat: TelegramChat): Promise<void> {
    const chats = new Map<number, ChatUpdate[]>();
    for (const update of updates) chats.set(update.chatId, [...(chats.get(update.chatId) ?? []), update]);
    await Promise.all(
      [...chats.values()].map(async (group) => {
        for (const update of group) await chat.take(update);
      }),
    );
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
