import { shown } from './decimal.js';
import type { Order } from './rows.js';

type Waiting = Pick<Order, 'trigger' | 'expiresAt' | 'displayQuantity'>;

export const sourceWords = { last: 'the last trade', mark: 'the mark price', mid: 'the middle of the book' } as const;

/** `stop at 59,000 of the last trade`; null: it waits for nothing. */
export function triggerWords({ trigger }: Pick<Waiting, 'trigger'>): string | null {
  if (!trigger) return null;
  const source = trigger.source === 'last' ? '' : `, by ${sourceWords[trigger.source]}`;
  if (trigger.kind !== 'trailing') return `${trigger.kind} at ${shown(trigger.price)}${source}`;
  const from = trigger.activationPrice ? ` from ${shown(trigger.activationPrice)} on` : '';
  return `trailing by ${percentWords(trigger.distanceBps ?? 0)}${from}${source}`;
}

/** Basis points as whoever trades says them: 150 → `1.5 %`. */
export const percentWords = (bps: number): string => `${shown(String(bps / 100))} %`;

/**
 * What an order waits for, until when it is good and how much of it others see; empty for most.
 * @param timeText of an instant, as the page shows times
 */
export function triggerText(order: Waiting, timeText: (iso: string) => string): string {
  const { expiresAt, displayQuantity } = order;
  const parts = [
    triggerWords(order),
    expiresAt ? `until ${timeText(expiresAt)}` : null,
    displayQuantity ? `shows ${shown(displayQuantity)}` : null,
  ];
  return parts.filter((part) => part !== null).join(', ');
}
