import { cut } from './cut.js';

/** What somebody typed, taken apart. */
export interface ChatCommand {
  /** Small letters, without slash and without the name of the bot. */
  readonly name: string;
  readonly argument: string;
}

/** Every command with its arguments and what it does, in the order of the help. */
export const chatCommands = [
  { name: 'status', usage: '', says: 'is trading on, and how are my bots' },
  { name: 'bots', usage: '', says: 'my bots, one a line' },
  { name: 'profit', usage: '', says: 'what my bots earned, by mode and currency' },
  { name: 'start', usage: 'BOT or all', says: 'let it trade (/startbot is the same)' },
  { name: 'pause', usage: 'BOT or all', says: 'no new entries, exits go on' },
  { name: 'resume', usage: 'BOT or all', says: 'entries again' },
  { name: 'stop', usage: 'BOT or all', says: 'cancel its orders and stop; positions stay' },
  { name: 'flatten', usage: 'BOT or all', says: 'stop and close what it holds at the market' },
  { name: 'create', usage: 'NAME key=value …', says: 'a new bot, stored stopped' },
  { name: 'edit', usage: 'BOT key=value …', says: 'change only what is named' },
  { name: 'delete', usage: 'BOT', says: 'remove it; it must be stopped and hold nothing' },
  { name: 'halt', usage: '[REASON]', says: 'open nothing new for any of my bots' },
  { name: 'halt cancel', usage: '[REASON]', says: 'that, and stop my bots and cancel all my orders' },
  { name: 'halt flatten', usage: '[REASON]', says: 'that, and close what my bots hold at the market' },
  { name: 'release', usage: '[REASON]', says: 'end my halt' },
  { name: 'link', usage: 'CODE', says: 'connect this chat with your user (so does /start CODE)' },
  { name: 'unlink', usage: '', says: 'disconnect this chat' },
  { name: 'help', usage: '', says: 'this list' },
] as const;
/** Another word for it, because Telegram itself sends `/start`. */
const startAgain = 'startbot';
export type ChatCommandName = (typeof chatCommands)[number]['name'] | typeof startAgain;

const pattern = /^\/([A-Za-z_]{1,32})(?:@[A-Za-z0-9_]{1,64})?(?:\s+([\s\S]*))?$/;
const argumentMax = 200;
/** As long as a message of Telegram can be: a parameter is never cut. */
const settingsMax = 4_096;
const withSettings: readonly string[] = ['create', 'edit'];

/** Null for a text that is no command. */
export function parseChatCommand(text: string): ChatCommand | null {
  const [, name, argument = ''] = pattern.exec(text.trim()) ?? [];
  if (name === undefined) return null;
  const known = name.toLowerCase();
  const lengthMax = withSettings.includes(known) ? settingsMax : argumentMax;
  return { name: known, argument: cut(argument.trim(), lengthMax) };
}

export const isChatCommand = (name: string): name is ChatCommandName =>
  name === startAgain || chatCommands.some((command) => command.name === name);
