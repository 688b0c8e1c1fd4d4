import { createHash } from 'node:crypto';
import { ClientOrderId } from '@scalpstorm/model';
import type { Caller } from './caller.js';

const digits = 19;

/** `m` and 96 bits in base 36: no bot's id, a function of who asks and his command alone, and short enough for every venue. */
export function manualOrderId({ user, commandId }: Caller): ClientOrderId {
  const hash = createHash('sha256')
    .update(JSON.stringify([user.userId, commandId]))
    .digest('hex')
    .slice(0, 24);
  return ClientOrderId.of(`m${BigInt(`0x${hash}`).toString(36).padStart(digits, '0')}`);
}
