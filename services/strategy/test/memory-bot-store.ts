import type { Activity, BotId } from '@scalpstorm/model';
import { type BotChange, BotStore, type BotWish, type StoredBot } from '../src/ports/bot-store.js';

/** The record of the bots in memory, with the failures of a real one on demand. */
export class MemoryBotStore extends BotStore {
  readonly unreadable = new Set<string>();
  readonly committed: BotChange[] = [];
  /** What users were told apart from any bot. */
  readonly told: Activity[] = [];
  /** Of a bot whose row the database refuses, and with what. */
  refused: { readonly botId: BotId; readonly error: Error } | null = null;
  /** Writes that were begun, whatever became of them. */
  begun = 0;
  private readonly commands = new Map<string, { readonly userId: string; readonly botId: BotId }>();
  private failure: Error | null = null;
  private failureAfterThis: Error | null | undefined;
  private gate: Promise<void> | null = null;
  private open: () => void = () => undefined;

  /** Writes fail with it until it is null; with `next`, only those that begin after the ones that are held. */
  failWith(failure: Error | null, { next = false } = {}): void {
    if (next) this.failureAfterThis = failure;
    else this.failure = failure;
  }

  /** Writes hang until they are released. */
  hold(): void {
    this.gate = new Promise((resolve) => {
      this.open = resolve;
    });
  }

  release(): void {
    this.gate = null;
    this.open();
  }

  async loadAll(): Promise<readonly StoredBot[]> {
    return [...this.newest().values()].filter(({ deleted }) => !deleted).map(({ stored }) => stored);
  }

  async find(botId: BotId): Promise<BotChange | null> {
    return this.newest().get(botId) ?? null;
  }

  async commit(change: BotChange): Promise<void> {
    this.begun += 1;
    await this.gate;
    const { failure } = this;
    if (this.failureAfterThis !== undefined) this.failure = this.failureAfterThis;
    this.failureAfterThis = undefined;
    if (failure) throw failure;
    if (change.stored.bot.id === this.refused?.botId) throw this.refused.error;
    this.committed.push(change);
  }

  async commitCommand(commandId: string, change: BotChange): Promise<void> {
    await this.commit(change);
    const { id: botId, userId } = change.stored.bot;
    this.commands.set(commandId, { userId, botId });
  }

  async tell(activity: Activity): Promise<void> {
    await this.gate;
    if (this.failure) throw this.failure;
    this.told.push(activity);
  }

  async commandTarget(commandId: string) {
    return this.commands.get(commandId) ?? null;
  }

  async pruneCommands(): Promise<number> {
    return 0;
  }

  async standing({ userId, name, besides }: BotWish) {
    const all = (await this.loadAll()).map(({ bot }) => bot);
    const others = all.filter((bot) => bot.userId === userId && !besides.includes(bot.id));
    return { nameTaken: others.some((bot) => bot.config.name === name), bots: others.length };
  }

  private newest(): Map<BotId, BotChange> {
    return new Map(this.committed.map((change) => [change.stored.bot.id, change]));
  }
}
