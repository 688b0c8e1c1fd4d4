import { Timestamp } from '@scalpstorm/kernel';
import {
  type Activity,
  type Bot,
  type Currency,
  type Cycle,
  countedCycle,
  Money,
  type OtherFee,
  Price,
  type Priced,
  type UserId,
} from '@scalpstorm/model';

/** What one of a currency is worth in the quote of a cycle; null: nobody has told. */
export type PriceOf = (currency: Currency) => Priced | null;

const priceScale = 10n ** 12n;

export const isUnvalued = ({ otherFees }: Cycle): boolean => otherFees.some(({ value }) => value === null);

/**
 * Takes the fees in third currencies that have no value yet off the net, at the prices that are known now; rounded up, so that no
 * cycle looks better than it was. One without a price stays apart, and can be seen. The same cycle when nothing is new.
 */
export function valued(cycle: Cycle, priceOf: PriceOf): Cycle {
  const { currency } = cycle.net;
  const otherFees = cycle.otherFees.map((other) =>
    other.value === null ? valuedFee(other, currency, priceOf) : other,
  );
  const more = otherFees.reduce((sum, { value }, index) => {
    return cycle.otherFees[index]?.value === null ? sum + (value?.amount ?? 0n) : sum;
  }, 0n);
  if (otherFees.every(({ value }, index) => value === cycle.otherFees[index]?.value)) return cycle;
  const besides = { amount: more, currency };
  return { ...cycle, otherFees, fees: Money.plus(cycle.fees, besides), net: Money.minus(cycle.net, besides) };
}

function valuedFee({ fee }: OtherFee, currency: Currency, priceOf: PriceOf): OtherFee {
  const priced = priceOf(fee.currency);
  if (priced === null) return { fee, value: null, priced };
  const amount = (fee.amount * priced.price + priceScale - 1n) / priceScale;
  return { fee, value: { amount, currency }, priced };
}

/** A bot one of whose completed cycles has fees that can be valued now, and what it tells; null when nothing is new. */
export function amend(
  bot: Bot,
  before: Cycle,
  priceOf: PriceOf,
): { bot: Bot; facts: { amended: readonly Cycle[]; activities: readonly Activity[] } } | null {
  const after = valued(before, priceOf);
  if (after === before) return null;
  const { totals, version } = bot;
  const pnl = Money.plus(totals.pnl, Money.minus(after.net, before.net));
  const fees = Money.plus(totals.fees, Money.minus(after.fees, before.fees));
  const facts = { amended: [after], activities: [told(before, after, bot.userId)] };
  return { bot: { ...bot, totals: { ...totals, pnl, fees }, version: version + 1 }, facts };
}

/** One line for the owner: which price, and from when. */
function told(before: Cycle, after: Cycle, userId: UserId): Activity {
  const fresh = after.otherFees.flatMap(({ fee, value, priced }, index) =>
    before.otherFees[index]?.value === null && value !== null && priced !== null ? [{ fee, value, priced }] : [],
  );
  const words = fresh.map(
    ({ fee, value, priced }) =>
      `${Money.format(fee)} ${fee.currency} at ${Price.format(priced.price)} ${value.currency} of ${Timestamp.toIso(priced.at)}`,
  );
  const cycle = countedCycle(after.number);
  return {
    level: 'INFO',
    code: 'FEES_VALUED',
    text: `Fees of cycle ${cycle} are valued now: ${words.join(', ')}. Its net is ${Money.format(after.net)} ${after.net.currency}.`,
    userId,
    botId: after.botId,
    data: { cycle, net: Money.format(after.net), fees: Money.format(after.fees) },
  };
}
