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
  const of = ({ bot, plan }: Whose) => {
    if (bot !== null) return `of ${botNames.get(bot) ?? bot}`;
    return plan === null ? 'by hand' : `of the plan ${plan}`;
  };
  return [
    ...orders.map((order) => ({
      key: `order/${order.account}/${order.instrument}/${order.clientOrderId}`,
      what: `Order: ${order.side} ${shown(order.quantity)} ${symbolOf(order.instrument)}`,
      note: `${order.ours ? of(order) : 'placed elsewhere'}, account ${order.account}. ${whyOf(order)}`,
    })),
    ...positions.map((position) => ({
      key: `position/${position.account}/${position.instrument}/${position.bot}/${position.plan}`,
      what: `Position: ${shown(position.quantity)} ${symbolOf(position.instrument)}`,
      note: `${of(position)}, account ${position.account}. ${whyOf(position)}`,
    })),
  ];
}

type Whose = Pick<HaltProof['positions'][number], 'bot' | 'plan'>;

/** Why it is open, without its code, and what to do. */
const whyOf = ({ reason, nextStep }: Pick<HaltProof['positions'][number], 'reason' | 'nextStep'>): string => {
  const words = reason.replace(/^[A-Z_]*: /, '');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}. ${nextStep}`;
};

/** What an order could not be given for, or is not held at all: it counts as flat, and is told. */
export function dustSentence({ dust }: HaltProof): string {
  const sold = dust.filter(({ reason }) => reason.startsWith('SOLD_MORE_THAN_BOUGHT')).length;
  const small = dust.length - sold;
  const told = [
    small === 0 ? '' : `${counted(small, 'remainder')} too small for any order: dust.`,
    sold === 0 ? '' : `${counted(sold, 'holding')} sold by hand beyond what was bought here: nothing is held of it.`,
  ];
  return told.filter(Boolean).join(' ');
}

const symbolOf = (instrument: string): string => instrument.split(':').at(-1) ?? instrument;
