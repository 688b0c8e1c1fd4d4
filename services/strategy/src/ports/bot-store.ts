import type { Activity, Bot, BotId, Cycle, EventId, JsonObject } from '@scalpstorm/model';

/** A bot with what its strategy remembers. */
export interface StoredBot {
  readonly bot: Bot;
  readonly state: JsonObject;
}

/** Everything that one step of a bot changed; committed and told to others in one transaction. */
export interface BotChange {
  readonly stored: StoredBot;
  /** False when only the strategy's memory changed, which is nobody else's business. */
  readonly visible: boolean;
  readonly deleted: boolean;
  readonly cycles: readonly Cycle[];
  readonly activities: readonly Activity[];
  readonly causedBy: EventId | null;
}

/** The record of the bots. */
export abstract class BotStore {
  abstract loadAll(): Promise<readonly StoredBot[]>;
  /** Resolves after the commit; changes that wait at the same time share one transaction. */
  abstract commit(change: BotChange): Promise<void>;
  /** Like `commit`, with the command that led to it, in the same transaction. */
  abstract commitCommand(commandId: string, change: BotChange): Promise<void>;
  /** Null: this command was never carried out. */
  abstract commandTarget(commandId: string): Promise<{ readonly userId: string; readonly botId: BotId | null } | null>;
  abstract nameTaken(userId: string, name: string, except: BotId | null): Promise<boolean>;
}
