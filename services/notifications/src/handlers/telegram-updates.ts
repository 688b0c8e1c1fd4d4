import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Log } from '@scalpstorm/observability';
import type { Update } from 'grammy/types';
import { type TelegramApi, TelegramFailed } from '../adapters/telegram-api.js';
import type { TelegramChat } from './telegram-chat.js';
import type { TelegramName } from './telegram-name.js';

interface Parts {
  readonly api: TelegramApi;
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
export class TelegramUpdates implements OnApplicationShutdown {
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;
  private offset = 0;

  /** Null: Telegram is not configured. */
  constructor(private readonly parts: Parts | null) {}

  start(): void {
    if (this.parts !== null) this.running ??= this.run(this.parts);
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  private async run({ api, chat, name, log }: Parts): Promise<void> {
    let pauseMs = 0;
    while (!this.ending.signal.aborted) {
      try {
        if (name.name === '') name.name = (await api.me()).username ?? '';
        const updates = await api.updates(this.offset, waitSeconds, this.ending.signal);
        if (pauseMs > 0) log.info({}, 'Telegram answers again');
        pauseMs = 0;
        await this.take(updates, chat);
      } catch (error) {
        if (this.ending.signal.aborted) return;
        const reason = error instanceof TelegramFailed ? error.message : 'an update could not be handled';
        const facts = error instanceof TelegramFailed ? { reason } : { reason, error };
        if (pauseMs === 0) log.warn(facts, 'Telegram is not listened to for a while');
        const asked = error instanceof TelegramFailed && error.attempt.kind === 'throttled' ? error.attempt.waitMs : 0;
        pauseMs = Math.min(Math.max(pauseMs * 2, firstPauseMs, asked), Math.max(longestPauseMs, asked));
        await this.pause(pauseMs);
      }
    }
  }

  /** In their order within a chat; chats do not wait for each other. */
  private async take(updates: readonly Update[], chat: TelegramChat): Promise<void> {
    const chats = new Map<number, Update[]>();
    for (const update of updates) {
      const id = update.message?.chat.id ?? update.callback_query?.message?.chat.id ?? 0;
      chats.set(id, [...(chats.get(id) ?? []), update]);
    }
    await Promise.all(
      [...chats.values()].map(async (group) => {
        for (const update of group) await chat.take(update);
      }),
    );
    const last = updates.at(-1);
    if (last !== undefined) this.offset = last.update_id + 1;
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
