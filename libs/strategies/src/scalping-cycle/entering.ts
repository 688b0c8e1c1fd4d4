import { ClientOrderId, Price, type Side } from '@scalpstorm/model';
import { read } from './amounts.js';
import { entryPrice } from './books.js';
import { endUnclosed, finishIfLast } from './completion.js';
import type { Draft } from './draft.js';
import { exitDue } from './exiting.js';
import { holdingOf } from './holding.js';
import { place, restingPrice, wouldFillNow } from './placing.js';
import type { CyclePlan, PlannedEntry } from './plan.js';
import { additionOf } from './planned.js';
import { priceFor } from './pricing.js';
import { entrySize } from './sizing.js';
import { goOn, standStill, standTooSmall, standUnsized } from './standing.js';

/** Asks for the entry that is due, or says why it can not. */
export function enter(draft: Draft): void {
  const { parameters, context, state } = draft;
  const { firstSide: side } = parameters;
  if (state.closing !== null ? endUnclosed(draft) : finishIfLast(draft)) return;
  if (isUnsold(draft)) return;
  const { restUntil } = draft.state;
  if (restUntil !== null) {
    if (context.now < restUntil) return;
    draft.set({ restUntil: null });
  }
  if (parameters.plan !== undefined) {
    enterAsPlanned(draft, parameters.plan);
    return;
  }
  const source = side === 'buy' ? parameters.buyPrice : parameters.sellPrice;
  const price = priceFor(source, side, context, null);
  if (price.kind !== 'price') {
    standStill(draft, 'entry', price);
    return;
  }
  const sized = entrySize(draft, side, price.price);
  if (!sized.ok) standUnsized(draft, sized.error);
  else if (mayLeave(draft, { leg: 'entry', side, price: price.price }) && mayEnter(draft)) {
    place(draft, { leg: 'entry', side, price: restingPrice(draft, side, price.price), ...sized.value });
  }
}

function enterAsPlanned(draft: Draft, plan: CyclePlan): void {
  const planned = plan.entry(holdingOf(draft.state), draft.context);
  if (planned === null) goOn(draft, 'order');
  else if (planned.kind === 'entry') placePlanned(draft, planned);
  else standStill(draft, 'entry', planned);
}

/** Asks for what is due on top of what is held; false when nothing is. */
export function add(draft: Draft): boolean {
  const planned = additionOf(draft);
  if (planned === null) return false;
  placePlanned(draft, planned);
  return draft.state.live !== null;
}

function placePlanned(draft: Draft, { price, quantity }: PlannedEntry): void {
  if (!mayLeave(draft, { leg: 'entry', side: 'buy', price })) return;
  place(draft, { leg: 'entry', side: 'buy', price: restingPrice(draft, 'buy', price), quantity });
}

/** The whole entry of this cycle is held, and worth too little for an exit: whoever bought again would hold it twice. */
function isUnsold(draft: Draft): boolean {
  const { orders, cycle, books, dust } = draft.state;
  const ofCycle = orders.filter(({ id, leg }) => leg === 'entry' && ClientOrderId.slotOf(id)?.cycle === cycle);
  if (read(books.poolBase) <= read(dust) || !ofCycle.some(({ status }) => status === 'filled')) return false;
  const due = exitDue(draft);
  const price = due.kind === 'due' ? due.exit.price : null;
  standTooSmall(draft, 'exit', price ?? entryPrice(books) ?? Price.zero);
  return true;
}

export const mayEnter = ({ parameters: { signal }, context, state }: Draft): boolean =>
  signal?.mayEnter(context, state.cycle) ?? true;

interface Leaving {
  readonly leg: 'entry' | 'exit';
  readonly side: Side;
  readonly price: Price;
}

/** An order that does not rest leaves when the market is at its price; where that is, a quote must say. */
export function mayLeave(draft: Draft, { leg, side, price }: Leaving): boolean {
  const { timeInForce, trailing } = draft.parameters;
  const rests = timeInForce === 'GTC' || timeInForce === 'PO';
  // Whether an exit that trails stands still is told where it is watched.
  const tells = leg === 'entry' || trailing === null;
  if (!rests && draft.context.quote === null) {
    if (tells) standStill(draft, leg, { kind: 'waits', lacking: ['quote'] });
    return false;
  }
  if (tells) goOn(draft, 'order');
  return rests || wouldFillNow(draft.context, side, price);
}
