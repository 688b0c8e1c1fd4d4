import { compare, signOf, times } from './decimal.js';

export type OrderKind =
  | 'limit'
  | 'market'
  | 'stop'
  | 'stop-limit'
  | 'take-profit'
  | 'take-profit-limit'
  | 'trailing'
  | 'trailing-limit';
export type Life = 'GTC' | 'IOC' | 'FOK' | 'PO' | 'GTD';
export type Source = 'last' | 'mark' | 'mid';

/** As it is typed; what the kind does not have is kept for another one, and is not sent. */
export interface OrderDraft {
  readonly account: string;
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly kind: OrderKind;
  readonly quantity: string;
  readonly price: string;
  readonly triggerPrice: string;
  /** In percent. */
  readonly distance: string;
  readonly activationPrice: string;
  readonly source: Source;
  readonly life: Life;
  /** In the viewer's own time zone, as a browser writes it: `2026-11-22T14:30`. */
  readonly expiresAt: string;
  readonly reduceOnly: boolean;
  readonly displayQuantity: string;
}

interface KindWords {
  readonly kind: OrderKind;
  readonly label: string;
  readonly limit: boolean;
  readonly trigger: 'stop' | 'take-profit' | 'trailing' | null;
}

export const orderKinds: readonly KindWords[] = [
  { kind: 'limit', label: 'Limit', limit: true, trigger: null },
  { kind: 'market', label: 'Market', limit: false, trigger: null },
  { kind: 'stop', label: 'Stop', limit: false, trigger: 'stop' },
  { kind: 'stop-limit', label: 'Stop-limit', limit: true, trigger: 'stop' },
  { kind: 'take-profit', label: 'Take-profit', limit: false, trigger: 'take-profit' },
  { kind: 'take-profit-limit', label: 'Take-profit-limit', limit: true, trigger: 'take-profit' },
  { kind: 'trailing', label: 'Trailing stop', limit: false, trigger: 'trailing' },
  { kind: 'trailing-limit', label: 'Trailing stop-limit', limit: true, trigger: 'trailing' },
];

export const kindOf = (kind: OrderKind): KindWords =>
  orderKinds.find((each) => each.kind === kind) ?? { kind: 'limit', label: 'Limit', limit: true, trigger: null };

export const lifeWords: Readonly<Record<Life, string>> = {
  GTC: 'Until canceled (GTC)',
  GTD: 'Until a time (GTD)',
  IOC: 'At once, the rest is canceled (IOC)',
  FOK: 'All of it at once, or nothing (FOK)',
  PO: 'Only if it rests first (post-only)',
};

/** What fits a kind: a market order does not rest, and after a trigger nothing is post-only. */
export function livesOf(kind: OrderKind): readonly Life[] {
  const { limit, trigger } = kindOf(kind);
  if (!limit) return trigger === null ? ['GTC'] : ['GTC', 'GTD'];
  return trigger === null ? ['GTC', 'GTD', 'IOC', 'FOK', 'PO'] : ['GTC', 'GTD', 'IOC', 'FOK'];
}

/** The one that is sent: what was chosen for another kind may not fit this one. */
export const lifeOf = ({ kind, life }: Pick<OrderDraft, 'kind' | 'life'>): Life =>
  livesOf(kind).includes(life) ? life : 'GTC';

/** Only what rests can show a part of itself. */
export const mayHide = (draft: Pick<OrderDraft, 'kind' | 'life'>): boolean =>
  kindOf(draft.kind).limit && ['GTC', 'GTD'].includes(lifeOf(draft));

const distanceMax = '50';
/** Percent as whole basis points; null for what is none. */
export function distanceBps(percent: string): number | null {
  const bps = times(percent.trim(), '100');
  if (bps === null || !/^\d+$/.test(bps) || bps === '0' || compare(percent.trim(), distanceMax) > 0) return null;
  return Number(bps);
}

const decimal = /^\d{1,15}(\.\d{1,12})?$/;
export const isAmount = (text: string): boolean => decimal.test(text.trim()) && signOf(text.trim()) > 0;
const amountFault = 'A number above 0, with a point: 0.001';

/** What is wrong with it, by the API's names of the fields, before anybody is asked. */
export function draftFaults(draft: OrderDraft, now: number): Readonly<Record<string, string>> {
  const { limit, trigger } = kindOf(draft.kind);
  const faults: Record<string, string> = {};
  const amount = (pointer: string, text: string) => {
    if (!isAmount(text)) faults[pointer] = amountFault;
  };
  if (draft.account === '') faults['/account'] = 'Choose an account.';
  if (draft.symbol === '') faults['/symbol'] = 'Choose a market.';
  amount('/quantity', draft.quantity);
  if (limit) amount('/price', draft.price);
  if (trigger === 'trailing') {
    if (distanceBps(draft.distance) === null) faults['/trigger/distanceBps'] = '0.01 to 50 %, in steps of 0.01';
    if (draft.activationPrice.trim() !== '') amount('/trigger/activationPrice', draft.activationPrice);
  } else if (trigger !== null) amount('/trigger/price', draft.triggerPrice);
  if (lifeOf(draft) === 'GTD') {
    const at = Date.parse(draft.expiresAt);
    if (Number.isNaN(at)) faults['/expiresAt'] = 'Until when is it good?';
    else if (at <= now) faults['/expiresAt'] = 'This is over already.';
  }
  if (mayHide(draft) && draft.displayQuantity.trim() !== '') amount('/displayQuantity', draft.displayQuantity);
  return faults;
}

/** What `POST /v1/orders` is asked for. Only of a draft without faults. */
export function orderBody(draft: OrderDraft): object {
  const { account, symbol, side, source, reduceOnly } = draft;
  const { limit, trigger } = kindOf(draft.kind);
  const activation = draft.activationPrice.trim();
  const level =
    trigger === 'trailing'
      ? { distanceBps: distanceBps(draft.distance), ...(activation === '' ? {} : { activationPrice: activation }) }
      : { price: draft.triggerPrice.trim() };
  const display = mayHide(draft) ? draft.displayQuantity.trim() : '';
  return {
    ...{ account, symbol, side, type: limit ? 'limit' : 'market', quantity: draft.quantity.trim() },
    ...(limit ? { price: draft.price.trim() } : {}),
    timeInForce: lifeOf(draft),
    purpose: reduceOnly ? 'close' : 'open',
    ...(trigger === null ? {} : { trigger: { kind: trigger, source, ...level } }),
    ...(lifeOf(draft) === 'GTD' ? { expiresAt: new Date(draft.expiresAt).toISOString() } : {}),
    ...(display === '' ? {} : { displayQuantity: display }),
  };
}
