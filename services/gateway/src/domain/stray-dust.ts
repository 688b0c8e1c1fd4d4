import type { InstrumentsReply } from '@scalpstorm/contracts';
import { InstrumentId, isDust, Quantity } from '@scalpstorm/model';
import type { StrayPosition } from './halt-tally.js';

/**
 * What a deleted bot has left and the venue takes no order of. It was told, with the next step, when the bot was deleted; a halt
 * has nothing to do about it, and would never be done if it counted.
 */
export function isStrayDust(stray: StrayPosition, { instruments, lastPrices }: InstrumentsReply): boolean {
  const id = InstrumentId.of(stray.venue, stray.symbol);
  const instrument = instruments.find((each) => each.id === id);
  if (instrument === undefined) return false;
  const price = lastPrices.find(({ instrumentId }) => instrumentId === id)?.price ?? null;
  return isDust(instrument, Quantity.of(stray.quantity), price);
}
