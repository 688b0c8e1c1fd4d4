import { signOf } from './decimal.js';
import type { Bot, Holdings, Mode, Order } from './rows.js';
import { modes } from './rows.js';
import { isEverybodys, scopeWords } from './scope-words.js';

export type HaltLevel = 'halt' | 'cancel' | 'flatten';
/**
 * As the API names it: `mine`: one's own bots; one of them (`bot:…`), an account, and for the roles risk and administrator a venue or
 * the `platform`, which are everybody's.
 */
export type HaltScope = string;

/** What each level would touch, counted by mode and never over all modes. */
export interface HaltReach {
  readonly mode: Mode;
  /** Each null while it is not known. */
  readonly bots: number | null;
  readonly openOrders: number | null;
  readonly positions: number | null;
}

interface LevelWords {
  readonly level: HaltLevel;
  readonly label: string;
  readonly consequence: string;
}

/** Each level does what the one before it does, too. */
export const haltLevels: readonly LevelWords[] = [
  {
    level: 'halt',
    label: 'Halt new positions',
    consequence: 'Nothing new is opened. Resting orders stay at the venue, exits go on.',
  },
  {
    level: 'cancel',
    label: 'Halt and cancel orders',
    consequence: 'Every bot stops and cancels its orders, exits included. What is held is kept and not watched.',
  },
  {
    level: 'flatten',
    label: 'Halt, cancel and flatten',
    consequence: 'Every bot stops, cancels its orders and closes what it holds at the market price, at once.',
  },
];

export type HaltScopeKind = 'mine' | 'bot' | 'account' | 'venue' | 'platform';

interface ScopeWords {
  readonly kind: HaltScopeKind;
  readonly label: string;
  /** What is chosen of several; null: there is only one. */
  readonly choose: string | null;
}

const scopeChoices: readonly ScopeWords[] = [
  { kind: 'mine', label: 'My bots', choose: null },
  { kind: 'bot', label: 'One bot', choose: 'Which bot?' },
  { kind: 'account', label: 'One account', choose: 'Which account?' },
  { kind: 'venue', label: 'A venue', choose: 'Which venue?' },
  { kind: 'platform', label: 'The whole platform', choose: null },
];

/** Whose trading somebody may halt: what is theirs, and with the right to it also what is everybody's. */
export const haltScopes = (mayHaltAll: boolean): readonly ScopeWords[] =>
  scopeChoices.filter(({ kind }) => mayHaltAll || (kind !== 'venue' && kind !== 'platform'));

/** Flattening trades at any price, and a venue or the platform is everybody's: the word is typed for each. */
export const typedWord = 'HALT';
export const isTyped = (level: HaltLevel, scope: HaltScope): boolean => level === 'flatten' || isEverybodys(scope);

/** What the button does when it is pressed, in one sentence that names whom it meets. */
export function haltStatement(level: HaltLevel, scope: HaltScope, botNames: ReadonlyMap<string, string>): string {
  const whom = whomOf(scope, botNames);
  if (level === 'halt') return `${whom} opens nothing new until the halt is released.`;
  if (level === 'cancel') return `${whom} stops now and cancels its orders. What it holds stays open, without an exit.`;
  return `${whom} stops now, cancels its orders, and sells or buys back what it holds at whatever price there is.`;
}

function whomOf(scope: HaltScope, botNames: ReadonlyMap<string, string>): string {
  if (scope === 'mine') return 'Every bot of yours';
  if (scope === 'platform') return 'Every bot of every user';
  const words = scopeWords(scope, botNames);
  if (scope.startsWith('bot:')) return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
  return scope.startsWith('venue:') ? `Every bot of every user at ${words}` : `Every bot at ${words}`;
}

/**
 * What is true while trading is halted, whichever level was asked for, by whom and how often: a halt that stops bots stops their
 * exits, and a bot that was stopped watches none.
 */
export const haltedWords = 'No new position is opened. Bots that still run go on with their exits.';

/** The same where only what brings a position toward zero is ordered. */
export const reducingWords = 'Only what brings a position toward zero is ordered. Bots go on with their exits.';

/** Whom the figures beside it are about, and whom the halt meets besides; empty where they are all of it. */
export function haltOwners(scope: HaltScope, isNothing: boolean): string {
  const where = scope === 'mine' || scope === 'platform' ? 'now' : 'there now';
  const own = isNothing ? `You have no active bot, no open order and no position ${where}.` : '';
  if (!isEverybodys(scope)) return own;
  return `${own || 'These are yours.'} Those of everybody else are met, too; they are not counted here.`;
}

/** What has not been told yet is undefined, which is not the same as nothing. */
export interface Known {
  readonly bots: readonly Bot[] | undefined;
  readonly orders: readonly Order[] | undefined;
  readonly accounts: readonly Holdings[] | undefined;
}

/** Only what a scope reaches: what is one's own where it is everybody's. */
export function within({ bots, orders, accounts }: Known, scope: HaltScope): Known {
  const [kind, ...rest] = scope.split(':');
  const id = rest.join(':');
  const fits = (row: Placed): boolean => {
    if (kind === 'bot') return row.bot === id;
    if (kind === 'account') return row.account === id;
    return kind !== 'venue' || row.venue === id;
  };
  return {
    bots: bots?.filter((bot) => fits({ bot: bot.id, account: bot.account, venue: bot.venue })),
    orders: orders?.filter(fits),
    accounts: accounts?.map((account) => ({ ...account, positions: account.positions.filter(fits) })),
  };
}

interface Placed {
  readonly bot: string | null;
  readonly account: string;
  readonly venue: string;
}

/** One entry for every mode of which it is known that there is anything to halt, live first. */
export function haltReach({ bots, orders, accounts }: Known): readonly HaltReach[] {
  const held = accounts?.flatMap(({ positions }) => positions).filter(({ quantity }) => signOf(quantity) !== 0);
  return modes
    .map((mode) => ({
      mode,
      bots: bots?.filter((bot) => bot.mode === mode && bot.desired !== 'stopped').length ?? null,
      openOrders: orders?.filter((order) => order.mode === mode && !order.final).length ?? null,
      positions: held?.filter((position) => position.mode === mode).length ?? null,
    }))
    .filter((reach) => (reach.bots ?? 0) + (reach.openOrders ?? 0) + (reach.positions ?? 0) > 0);
}

/** What is not known of it yet, in a sentence; empty when all is. */
export function haltUnknown({ bots, orders, accounts }: Known): string {
  const missing = [
    bots === undefined ? 'bots' : '',
    orders === undefined ? 'orders' : '',
    accounts === undefined ? 'positions' : '',
  ].filter(Boolean);
  return missing.length === 0
    ? ''
    : `It is not known yet which ${missing.join(', ').replace(/, (\w+)$/, ' and $1')} are active or open. The halt meets all of them.`;
}
