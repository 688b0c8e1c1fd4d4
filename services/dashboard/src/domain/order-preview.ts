import { shown, times } from './decimal.js';
import { kindOf, lifeOf, mayHide, type OrderDraft } from './order-draft.js';
import { sourceWords } from './trigger-text.js';

interface Market {
  readonly base: string;
  readonly quote: string;
}

/** What is ordered, each step in a sentence, in the order in which they happen. Of a draft without faults. */
export function previewOf(draft: OrderDraft, { base, quote }: Market): readonly string[] {
  const { kind, side, quantity, price } = draft;
  const amount = `${shown(quantity.trim())} ${base}`;
  const verb = side === 'buy' ? 'buys' : 'sells';
  const { limit, trigger } = kindOf(kind);
  const at = limit
    ? `at ${shown(price.trim())} ${quote} or ${side === 'buy' ? 'lower' : 'higher'}`
    : 'at whatever price there is';
  const act = `${verb} ${amount} ${at}`;
  return [
    trigger === null ? `${act.charAt(0).toUpperCase()}${act.slice(1)}.` : `${waiting(draft, quote)}, then ${act}.`,
    ...lifeSentence(draft),
    ...(mayHide(draft) && draft.displayQuantity.trim() !== ''
      ? [`Others see ${shown(draft.displayQuantity.trim())} ${base} of it at a time.`]
      : []),
    draft.reduceOnly
      ? 'It only gives back what your orders by hand hold there; no halt and no limit stands in its way.'
      : 'The risk gate judges it against your limits first.',
  ];
}

function waiting({ kind, side, triggerPrice, distance, activationPrice, source }: OrderDraft, quote: string): string {
  const { trigger } = kindOf(kind);
  const looked = sourceWords[source];
  if (trigger === 'trailing') {
    const from = activationPrice.trim() === '' ? '' : ` from ${shown(activationPrice.trim())} ${quote} on`;
    const best = side === 'sell' ? 'fallen by' : 'risen by';
    return `Follows ${looked}${from} until it has ${best} ${shown(distance.trim())} % from its best`;
  }
  // A stop goes against the order, a take-profit with it.
  const rises = (trigger === 'stop') === (side === 'buy');
  return `Waits until ${looked} ${rises ? 'rises' : 'falls'} to ${shown(triggerPrice.trim())} ${quote}`;
}

function lifeSentence(draft: OrderDraft): readonly string[] {
  const { limit, trigger } = kindOf(draft.kind);
  switch (lifeOf(draft)) {
    case 'GTD':
      return [`What is left at ${draft.expiresAt.replace('T', ' ')} is canceled.`];
    case 'IOC':
      return ['What is not filled at once is canceled.'];
    case 'FOK':
      return ['All of it is filled at once, or nothing.'];
    case 'PO':
      return ['It never takes: where it would, it is refused.'];
    case 'GTC':
      return limit || trigger !== null ? ['It rests until it is filled or canceled.'] : [];
  }
}

/** About what it is worth, at its own price, at that of its trigger, or at the last. Null while none is known. */
export function worthOfDraft(draft: OrderDraft, last: string | null): string | null {
  const { limit, trigger } = kindOf(draft.kind);
  const price = limit
    ? draft.price.trim()
    : trigger !== null && trigger !== 'trailing'
      ? draft.triggerPrice.trim()
      : last;
  return times(draft.quantity.trim(), price);
}
