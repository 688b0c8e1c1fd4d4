import { type SweepLevel, sweepLevels, type UserRole } from '@scalpstorm/contracts';
import type { Bot, BotConfig, BotId, BotVerb, JsonObject } from '@scalpstorm/model';

/** Each level does what the one before it does, too: nothing new, own orders canceled and bots stopped, positions closed. */
export const haltLevels = ['halt', ...sweepLevels] as const;
export type HaltLevel = (typeof haltLevels)[number];

export interface NamedBot {
  readonly id: BotId;
  readonly name: string;
}

/** What a chat asks for that changes something; nothing of it happens before it is confirmed. */
export type Intent =
  | { readonly kind: 'bots'; readonly verb: BotVerb; readonly bots: readonly NamedBot[] }
  | { readonly kind: 'create'; readonly config: BotConfig }
  | {
      readonly kind: 'edit';
      readonly bot: NamedBot;
      /** Of the bot as the question showed it. */
      readonly version: number;
      readonly name: string | null;
      /** Merged into what the bot has; null removes one. */
      readonly parameters: JsonObject;
    }
  | { readonly kind: 'delete'; readonly bot: NamedBot }
  | { readonly kind: 'halt'; readonly level: HaltLevel; readonly text: string }
  | { readonly kind: 'release'; readonly text: string };

/** The gateway's rule for the same verbs. */
export const neededRole: UserRole = 'trader';

/** One command id for every bot, the same however often the same message arrives. */
export const commandIdOf = (commandId: string, botId: BotId): string => `${commandId}:${botId}`;

/** As a halt of this level tells the bots. */
export const haltVerb: Readonly<Record<SweepLevel, BotVerb>> = { cancel: 'stop', flatten: 'flatten' };

const isActive = ({ observed }: Bot): boolean => observed !== 'stopped';

/** Whom a halt of this level concerns: what runs, and for flattening also what is stopped and holds something yet. */
export function haltedBots(level: HaltLevel, bots: readonly Bot[]): readonly Bot[] {
  return bots.filter((bot) => isActive(bot) || (level === 'flatten' && bot.totals.held !== 0n));
}

/** `/halt cancel too risky`: the level, when the first word is one, and the reason. */
export function haltIntent(argument: string): Extract<Intent, { kind: 'halt' }> {
  const [first = '', ...rest] = argument.split(/\s+/);
  const level = haltLevels.find((one) => one === first.toLowerCase());
  return level === undefined
    ? { kind: 'halt', level: 'halt', text: argument }
    : { kind: 'halt', level, text: rest.join(' ') };
}

export const intentVerb = (intent: Intent): string =>
  intent.kind === 'bots'
    ? intent.verb
    : intent.kind === 'halt' && intent.level !== 'halt'
      ? `halt and ${intent.level}`
      : intent.kind;
