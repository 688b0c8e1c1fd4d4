import type { UserRole } from '@scalpstorm/contracts';
import type { BotId, BotVerb } from '@scalpstorm/model';

/** What a chat asks for that changes something; nothing of it happens before it is confirmed. */
export type Intent =
  | {
      readonly kind: 'bots';
      readonly verb: BotVerb;
      readonly bots: readonly { readonly id: BotId; readonly name: string }[];
    }
  | { readonly kind: 'halt'; readonly text: string };

/** The gateway's rule for the same verbs. */
export const neededRole: UserRole = 'trader';

/** One command id for every bot, the same however often the same message arrives. */
export const commandIdOf = (commandId: string, botId: BotId): string => `${commandId}:${botId}`;
