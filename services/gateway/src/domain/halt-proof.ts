import type { AccountFlatness, Flatness, FlatPosition, InstrumentsReply } from '@scalpstorm/contracts';
import { type InstrumentId, isDust, Quantity } from '@scalpstorm/model';

export interface ProofPosition {
  readonly account: string;
  readonly instrument: string;
  /** Signed. */
  readonly quantity: string;
  /** Null: no bot's. */
  readonly bot: string | null;
  /** Null: no plan's. With neither it was ordered by hand. */
  readonly plan: string | null;
  /** Why it remains: a stable code, and words. */
  readonly reason: string;
  readonly nextStep: string;
}
export interface ProofOrder {
  readonly account: string;
  readonly instrument: string;
  readonly clientOrderId: string;
  readonly side: string;
  readonly quantity: string;
  /** Null: no bot's. */
  readonly bot: string | null;
  /** Null: no plan's. */
  readonly plan: string | null;
  /** Why it is open: a stable code, and words. */
  readonly reason: string;
  readonly nextStep: string;
  /** False: it was placed elsewhere. */
  readonly ours: boolean;
}
/** An account of which nobody can say that nothing is open there. */
export interface Unproven {
  readonly account: string;
  /** A stable code, and words. */
  readonly reason: string;
  readonly nextStep: string;
}
export interface HaltProof {
  /** `mine`, or the scope in words. */
  readonly scope: string;
  /** True: the venues say so of every account. False: something is open for certain. Null: it is not known. */
  readonly flat: boolean | null;
  readonly checkedAt: string;
  /** Execution lets no opening order of the scope leave; without that, what is flat now may not be so in a moment. */
  readonly halted: boolean;
  readonly openOrders: number;
  /** The first of them. */
  readonly orders: readonly ProofOrder[];
  readonly positions: readonly ProofPosition[];
  /** What counts as flat all the same: less than the venue takes an order of, or sold without having been bought here. */
  readonly dust: readonly ProofPosition[];
  readonly unproven: readonly Unproven[];
}

/** Named in an answer; the number counts all. */
export const proofOrdersMax = 200;

const waits = 'Ask again in a few seconds.';
const nextSteps: Readonly<Record<string, string>> = {
  ACCOUNT_NOT_CONNECTED: 'Enable the account or give it a new key, or look at the venue itself.',
  ACCOUNT_RECOVERING: waits,
  FILLS_CAME_MEANWHILE: waits,
  BALANCES_DIFFER: 'Compare the account with its venue (Reconciliation), then ask again.',
  // Of one order or position; what no code is here for has its next step in its words.
  PLACED_ELSEWHERE: 'Decide on it (Reconciliation, orders from elsewhere), or cancel it at the venue.',
  ANSWER_AWAITED: waits,
  CANCEL_UNDER_WAY: waits,
  CLOSES: 'Halt at level flatten, or cancel it by hand.',
  NOT_CANCELED: 'Halt at level cancel or flatten, or cancel it by hand.',
  BOT_HOLDS:
    'Flatten the bot, or halt at level flatten; if it stays, look at what the bot says and whether strategy runs.',
  PLAN_HOLDS: 'Halt at level flatten, or cancel the plan and close it by hand.',
  NOTHING_CLOSES_IT: 'Halt at level flatten, or close it by hand.',
  CLOSING: waits,
  CLOSE_NOT_TAKEN: 'It is tried again by itself; if it stays, close it at the venue.',
  CLOSE_GIVEN_UP: 'Close it by hand, or at the venue; by itself it is tried every five minutes.',
  PLAN_ENDS_FIRST: waits,
  ORDERS_END_FIRST: 'Ask again in a few seconds; if one stays, look at it at the venue.',
  ACCOUNT_SENDS_NOTHING: 'Look at the state of the account (Reconciliation); until then close it at the venue.',
  INSTRUMENT_UNKNOWN: 'Start market-data; until then close it at the venue.',
  DUST: 'Nothing is to be done: sell it with what is bought next.',
  SOLD_MORE_THAN_BOUGHT: 'Nothing is to be done: nothing is held.',
  EXECUTION_DOES_NOT_ANSWER: 'Start execution, then ask again; until then look at the venue itself.',
};
const otherwise = 'Look at the state of the account (Reconciliation) and at the venue itself, then ask again.';

/** What execution found, in words. Who is not in its answer was not asked, and proves nothing. */
export function proofOf(
  asked: { readonly scope: string; readonly checkedAt: string; readonly accounts: readonly string[] },
  { accounts, halted }: Flatness,
  listing: InstrumentsReply | null,
): HaltProof {
  const orders = accounts.flatMap(ordersOf);
  const held = accounts.flatMap((found) => heldIn(found, listing));
  const [positions, dust] = [held.filter(({ isSmall }) => !isSmall), held.filter(({ isSmall }) => isSmall)];
  const answered = new Map(accounts.map((found) => [found.accountId as string, found]));
  const unproven = asked.accounts.flatMap((account) => unprovenOf(account, answered.get(account)));
  const isOpen = orders.length + positions.length > 0;
  const flat = unproven.length > 0 ? null : true;
  const { scope, checkedAt } = asked;
  return {
    ...{ scope, flat: isOpen ? false : flat, checkedAt, halted },
    openOrders: orders.length,
    orders: orders.slice(0, proofOrdersMax),
    positions: positions.map(({ row }) => row),
    dust: dust.map(({ row }) => row),
    unproven,
  };
}

const ordersOf = ({ accountId, orders }: AccountFlatness): readonly ProofOrder[] =>
  orders.map((order) => ({
    ...{ account: accountId, instrument: order.instrumentId, clientOrderId: order.clientOrderId, side: order.side },
    quantity: Quantity.format(order.quantity),
    ours: order.ours,
    ...remainingOf(order),
  }));

const remainingOf = ({ botId, planId, code, text }: Pick<FlatPosition, 'botId' | 'planId' | 'code' | 'text'>) => ({
  ...{ bot: botId, plan: planId, reason: `${code}: ${text}`, nextStep: nextSteps[code] ?? otherwise },
});

const heldIn = ({ accountId, positions }: AccountFlatness, listing: InstrumentsReply | null) =>
  positions.map((position) => {
    const { instrumentId, quantity, code } = position;
    const isNothing = code === 'SOLD_MORE_THAN_BOUGHT';
    const isSmall = isNothing || isTooSmall(instrumentId, quantity, listing);
    const why = isSmall && !isNothing ? { ...position, ...dust } : position;
    const row = { account: accountId, instrument: instrumentId, quantity: Quantity.format(quantity) };
    return { row: { ...row, ...remainingOf(why) }, isSmall };
  });

const dust = { code: 'DUST', text: 'it is less than the venue takes an order of' };

/** While it is not known what is dust, nothing is. */
function isTooSmall(instrumentId: InstrumentId, quantity: Quantity, listing: InstrumentsReply | null): boolean {
  const instrument = listing?.instruments.find(({ id }) => id === instrumentId);
  if (listing === null || instrument === undefined) return false;
  const price = listing.lastPrices.find((last) => last.instrumentId === instrumentId)?.price ?? null;
  return isDust(instrument, quantity, price);
}

function unprovenOf(account: string, found: AccountFlatness | undefined): readonly Unproven[] {
  const code = found === undefined ? 'EXECUTION_DOES_NOT_ANSWER' : found.code;
  if (code === '') return [];
  const text = found === undefined ? 'nobody knows what its venue says' : found.text;
  return [{ account, reason: `${code}: ${text}`, nextStep: nextSteps[code] ?? otherwise }];
}
