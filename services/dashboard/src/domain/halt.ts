import { signOf } from './decimal.js';
import type { Bot, Holdings, Mode, Order } from './rows.js';
import { modes } from './rows.js';

export type HaltLevel = 'halt' | 'cancel' | 'flatten';

/** What each level would touch, counted by mode and never over all modes. */
export interface HaltReach {
  readonly mode: Mode;
  readonly bots: number;
  readonly openOrders: number;
  readonly positions: number;
}

export const haltLevels: readonly {
  readonly level: HaltLevel;
  readonly label: string;
  readonly consequence: string;
}[] = [
  {
    level: 'halt',
    label: 'Halt new positions',
    consequence: 'Nothing new is opened. Orders that rest stay, exits go on.',
  },
  {
    level: 'cancel',
    label: 'Halt and cancel orders',
    consequence: 'Every bot stops and cancels its orders, exits included. What is held is kept and not watched.',
  },
  {
    level: 'flatten',
    label: 'Halt, cancel and flatten',
    consequence: 'Every bot stops and sells or buys back what it holds, at the market price, at once.',
  },
];

/** Flattening trades at any price, so the word is typed for it. */
export const typedWord = 'HALT';

interface Known {
  readonly bots: readonly Bot[];
  readonly orders: readonly Order[];
  readonly accounts: readonly Holdings[];
}

/** One entry for every mode that has anything to halt, live first. */
export function haltReach({ bots, orders, accounts }: Known): readonly HaltReach[] {
  const held = accounts.flatMap(({ positions }) => positions).filter(({ quantity }) => signOf(quantity) !== 0);
  return modes
    .map((mode) => ({
      mode,
      bots: bots.filter((bot) => bot.mode === mode && bot.desired !== 'stopped').length,
      openOrders: orders.filter((order) => order.mode === mode && !order.final).length,
      positions: held.filter((position) => position.mode === mode).length,
    }))
    .filter((reach) => reach.bots + reach.openOrders + reach.positions > 0);
}
