import type { HaltReply } from '../generated/api.js';
import type { Problem } from './problem.js';
import { counted } from './words.js';

/** What a halt did although the gate did not answer whether it stands. */
export type HaltDone = Pick<HaltReply, 'bots' | 'ordersCanceled' | 'remaining'>;

/** Null for a refusal that did nothing. */
export function haltDoneOf({ members }: Problem): HaltDone | null {
  const { bots, ordersCanceled, remaining } = members as Partial<HaltDone>;
  if (!Array.isArray(bots) || typeof ordersCanceled !== 'number' || !Array.isArray(remaining?.items)) return null;
  return { bots, ordersCanceled, remaining };
}

const told: Readonly<Partial<Record<HaltDone['bots'][number]['verb'], string>>> = {
  stop: 'told to stop',
  flatten: 'told to flatten',
};

/** `2 bots told to stop, 3 orders canceled`. A bot that refused is among what remains. */
export function haltDoneWords({ bots, ordersCanceled }: HaltDone): string {
  const reached = bots.filter(({ code }) => code === null);
  const byVerb = Object.entries(told).map(([verb, words]) => {
    const amount = reached.filter((bot) => bot.verb === verb).length;
    return amount === 0 ? '' : `${counted(amount, 'bot')} ${words}`;
  });
  const orders = ordersCanceled === 0 ? '' : `${counted(ordersCanceled, 'order')} canceled`;
  return [...byVerb, orders].filter(Boolean).join(', ') || 'nothing';
}
