import type { Order } from './rows.js';

type Waiting = Pick<Order, 'trigger' | 'expiresAt'>;

/** What an order waits for, and until when it is good; empty for most. */
export function triggerText({ trigger, expiresAt }: Waiting): string {
  const parts = [
    ...(trigger ? [`${levelOf(trigger)}${trigger.source === 'last' ? '' : ` (${trigger.source})`}`] : []),
    ...(expiresAt ? [`until ${expiresAt}`] : []),
  ];
  return parts.join(', ');
}

function levelOf({ kind, price, distanceBps, activationPrice }: NonNullable<Waiting['trigger']>): string {
  if (kind !== 'trailing') return `${kind} at ${price ?? ''}`;
  const from = activationPrice ? ` from ${activationPrice}` : '';
  return `trailing ${distanceBps ?? ''} bps${from}`;
}
