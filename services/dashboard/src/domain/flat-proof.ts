import type { HaltProof } from '../generated/api.js';
import { shown } from './decimal.js';
import { counted } from './words.js';

export interface ProofLine {
  /** Several lines may be about one thing; the key is of the line. */
  readonly key: string;
  readonly what: string;
  readonly note: string;
}

/** What a proof says in one sentence. @param clock of an instant, as the page shows times */
export function proofSentence(proof: HaltProof, clock: (iso: string) => string): string {
  const at = clock(proof.checkedAt);
  if (proof.flat === true) return `Flat, proven by the venue at ${at}.`;
  if (proof.flat === null) return `Whether it is flat could not be proven at ${at}.`;
  const left = [
    proof.openOrders === 0 ? '' : counted(proof.openOrders, 'open order'),
    proof.positions.length === 0 ? '' : counted(proof.positions.length, 'position'),
  ].filter(Boolean);
  return `Not flat at ${at}: ${left.join(' and ') || 'something is open'}.`;
}

/** What is open for certain, as the venue says. */
export function openLines(
  { orders, positions }: HaltProof,
  botNames: ReadonlyMap<string, string>,
): readonly ProofLine[] {
  const of = (bot: string | null) => (bot === null ? 'of no bot' : `of ${botNames.get(bot) ?? bot}`);
  return [
    ...orders.map(({ account, instrument, clientOrderId, side, quantity, bot, ours }) => ({
      key: `order/${account}/${instrument}/${clientOrderId}`,
      what: `Order: ${side} ${shown(quantity)} ${symbolOf(instrument)}`,
      note: `${ours ? of(bot) : 'placed elsewhere'}, account ${account}`,
    })),
    ...positions.map(({ account, instrument, quantity, bot }) => ({
      key: `position/${account}/${instrument}/${bot}`,
      what: `Position: ${shown(quantity)} ${symbolOf(instrument)}`,
      note: `${of(bot)}, account ${account}`,
    })),
  ];
}

/** What an order could not be given for: it stays, and is told. */
export const dustSentence = ({ dust }: HaltProof): string =>
  dust.length === 0 ? '' : `${counted(dust.length, 'remainder')} too small for any order: dust.`;

const symbolOf = (instrument: string): string => instrument.split(':').at(-1) ?? instrument;
