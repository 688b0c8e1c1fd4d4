import { dearestFee, type Sized, type SizingRefusal, sizeOf } from '@scalpstorm/engine';
import type { Result } from '@scalpstorm/kernel';
import { type Cycle, Money, opposite, type Price, type Side } from '@scalpstorm/model';
import { cappedBy } from '../sdk/read-sizing.js';
import { read } from './amounts.js';
import type { Draft } from './draft.js';
import type { ScalpingParameters } from './parameters.js';
import { markOf, moved } from './pricing.js';

/** How large the entry at this price is, judged by what is known now; what is asked for keeps its size, however often it is asked for. */
export function entrySize(draft: Draft, side: Side, price: Price): Result<Sized, SizingRefusal> {
  const { parameters, context } = draft;
  const { sizeBy, quantity, stopLoss } = parameters;
  return sizeOf(sizeBy.sizing, cappedBy(sizeBy, quantity), {
    side,
    price,
    instrument: context.instrument,
    funds: context.funds,
    mark: markOf(context, 'sell'),
    stop: stopLoss === null ? null : moved(price, stopLoss, false, opposite(side)),
    atr: context.atr,
    returns: returnsOf(draft).slice(-sizeBy.evidence).map(BigInt),
  });
}

/** By what an entry was sized: an edit that changes none of it leaves the entry alone, whatever the account holds by then. */
export function sizingMark({ sizeBy: { sizing, caps }, quantity, stopLoss }: ScalpingParameters): string {
  const stop = sizing.kind === 'risk' ? stopLoss : null;
  return [...Object.values(sizing), quantity, caps.notional, caps.equityPercent, stop].join(' ');
}

/** With other parameters it is another bot, of which nothing is known. */
const returnsOf = ({ state, parameters }: Draft): readonly number[] =>
  state.returnsOf === parameters.sizeBy.evidenceOf ? (state.returns ?? []) : [];

/** Results count 10^-9 of what was bought. */
const returnScale = 10n ** 9n;

/** Keeps what a finished cycle came to, where the size of the next ones is reckoned from it. */
export function noteReturn(draft: Draft, { net, otherFees, sellQuantity, buyQuantity }: Cycle): void {
  const { state, parameters, context } = draft;
  const { evidence, evidenceOf } = parameters.sizeBy;
  const { buys, sells } = state.books;
  const bought = read(buys.quote);
  const sold = read(sells.quote);
  if (evidence === 0 || bought === 0n || sellQuantity === 0n || buyQuantity === 0n) return;
  // What a fee in a third currency is worth nobody knows here: it counts as the dearest that there is.
  const fees = otherFees.length === 0 ? 0n : ((bought + sold) * dearestFee(context.instrument)) / 10n ** 12n;
  const kept = Money.minus(net, { amount: fees, currency: net.currency });
  draft.set({
    returnsOf: evidenceOf,
    returns: [...returnsOf(draft), Number((kept.amount * returnScale) / bought)].slice(-evidence),
  });
}
