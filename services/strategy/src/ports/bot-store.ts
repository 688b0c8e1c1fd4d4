import type { Activity, Bot, BotId, Cycle, EventId, Instrument, JsonObject } from '@scalpstorm/model';
import type { WrittenRow } from '@scalpstorm/strategies';

/** A bot with what its strategy remembers. */
export interface StoredBot {
  readonly bot: Bot;
  readonly state: JsonObject;
  /** The one against which its parameters were checked; null when nobody wrote it down. */
  readonly instrument: Instrument | null;
  /** Number of the last row of its journal, where it comes from the record and has one. */
  readonly journalled?: number;
}

/** What is told of a change besides the bot itself. */
export interface Facts {
  /** False when only the strategy's memory changed, which is nobody else's business. */
  readonly visible: boolean;
  readonly cycles: readonly Cycle[];
  /** Completed before, with values that they had not then. */
  readonly amended: readonly Cycle[];
  readonly activities: readonly Activity[];
  /** Rows of its journal, in their order. */
  readonly journal: readonly WrittenRow[];
  readonly causedBy: EventId | null;
}

/** Everything that one step of a bot changed; committed and told to others in one transaction. */
export interface BotChange extends Facts {
  readonly stored: StoredBot;
  readonly deleted: boolean;
}

/** A name for a bot, new or old. */
export interface BotWish {
  readonly userId: string;
  readonly name: string;
  /** Bots that neither count nor have names here. */
  readonly besides: readonly BotId[];
}

/** What the record has of a user, but for the bots of a wish that do not count. */
export interface Standing {
  readonly nameTaken: boolean;
  readonly bots: number;
}

/** The record of the bots. */
export abstract class BotStore {
  /** Rows that `loadAll` could not read, which a person must mend: their events must not be taken as heard. */
  abstract readonly unreadable: ReadonlySet<string>;
  /** All that are not deleted, oldest first, but for those that are `unreadable`. */
  abstract loadAll(): Promise<readonly StoredBot[]>;
  /** Also a deleted one. */
  abstract find(botId: BotId): Promise<{ readonly stored: StoredBot; readonly deleted: boolean } | null>;
  /** Resolves after the commit; changes that wait at the same time share one transaction. */
  abstract commit(change: BotChange): Promise<void>;
  /** Like `commit`, with the command that led to it, in the same transaction. */
  abstract commitCommand(commandId: string, change: BotChange): Promise<void>;
  /** Tells a user something apart from any bot. Durable when it resolves. */
  abstract tell(activity: Activity): Promise<void>;
  /** Null: this command was never carried out. */
  abstract commandTarget(commandId: string): Promise<{ readonly userId: string; readonly botId: BotId | null } | null>;
  /** Forgets old commands, in bounded steps. Returns how many. */
  abstract pruneCommands(days: number): Promise<number>;
  abstract standing(wish: BotWish): Promise<Standing>;
}
