import { signOf } from './decimal.js';
import type { Bot, Holdings, Mode, Order } from './rows.js';
import { modes } from './rows.js';

export type HaltLevel = 'halt' | 'cancel' | 'flatten';
/** `mine`: one's own bots; `platform`: everybody's, for the roles risk and administrator. */
export type HaltScope = 'mine' | 'platform';

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

export const haltScopes: readonly { readonly scope: HaltScope; readonly label: string }[] = [
  { scope: 'mine', label: 'My bots' },
  { scope: 'platform', label: 'The whole platform' },
];

/** Flattening trades at any price, and the platform is everybody's: the word is typed for both. */
export const typedWord = 'HALT';
export const isTyped = (level: HaltLevel, scope: HaltScope): boolean => level === 'flatten' || scope === 'platform';

/** What the button does when it is pressed, in one sentence that names whom it meets. */
export function haltStatement(level: HaltLevel, scope: HaltScope): string {
  const whom = scope === 'platform' ? 'Every bot of every user' : 'Every bot of yours';
  if (level === 'halt') return `${whom} opens nothing new until the halt is released.`;
  if (level === 'cancel') return `${whom} stops now and cancels its orders. What it holds stays open, without an exit.`;
  return `${whom} stops now, cancels its orders, and sells or buys back what it holds at whatever price there is.`;
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
  const own = isNothing ? 'You have no active bot, no open order and no position now.' : '';
  if (scope === 'mine') return own;
  return `${own || 'These are yours.'} Those of everybody else are met, too; they are not counted here.`;
}

/** What has not been told yet is undefined, which is not the same as nothing. */
interface Known {
  readonly bots: readonly Bot[] | undefined;
  readonly orders: readonly Order[] | undefined;
  readonly accounts: readonly Holdings[] | undefined;
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
