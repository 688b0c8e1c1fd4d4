import { Timestamp } from '@scalpstorm/kernel';
import {
  BotId,
  type Cycle,
  type CycleExit,
  type InstrumentId,
  type JsonObject,
  type Mode,
  Money,
  type OtherFee,
  Price,
  Quantity,
  type UserId,
} from '@scalpstorm/model';
import type { Transaction } from '@scalpstorm/store';

/** NUMERIC comes as an exact decimal text. */
export interface CycleRow {
  readonly bot_id: string;
  readonly number: number;
  readonly instrument_id: string;
  readonly mode: string;
  readonly quantity: string;
  readonly buy_price: string;
  readonly sell_price: string;
  readonly gross: string;
  readonly fees: string;
  readonly net: string;
  readonly currency: string;
  readonly buy_quantity: string;
  readonly sell_quantity: string;
  readonly fees_paid: readonly AmountJson[];
  readonly other_fees: readonly OtherFeeJson[];
  readonly dust: string;
  readonly exit: string;
  readonly started_at_us: string | bigint;
  readonly completed_at_us: string | bigint;
}

type AmountJson = { readonly amount: string; readonly currency: string };
type OtherFeeJson = AmountJson & {
  readonly value: string | null;
  /** Absent in what was written before there were these fields, and where there is no value. */
  readonly price?: string;
  readonly pricedAt?: number;
};

export function rowFromCycle(userId: UserId, cycle: Cycle) {
  return {
    bot_id: cycle.botId,
    number: cycle.number,
    user_id: userId,
    instrument_id: cycle.instrumentId,
    mode: cycle.mode,
    quantity: Quantity.format(cycle.quantity),
    buy_price: Price.format(cycle.buyPrice),
    sell_price: Price.format(cycle.sellPrice),
    gross: Money.format(cycle.gross),
    currency: cycle.net.currency,
    buy_quantity: Quantity.format(cycle.buyQuantity),
    sell_quantity: Quantity.format(cycle.sellQuantity),
    fees_paid: cycle.feesPaid.map(amountJson),
    dust: Quantity.format(cycle.dust),
    exit: cycle.exit,
    started_at_us: cycle.startedAt,
    completed_at_us: cycle.completedAt,
    ...valuesOf(cycle),
  };
}

export function cycleFromRow(row: CycleRow): Cycle {
  const money = (amount: string): Money => Money.of(amount, row.currency);
  return {
    botId: BotId.of(row.bot_id),
    number: row.number,
    instrumentId: row.instrument_id as InstrumentId,
    mode: row.mode as Mode,
    quantity: Quantity.of(row.quantity),
    buyPrice: Price.of(row.buy_price),
    sellPrice: Price.of(row.sell_price),
    buyQuantity: Quantity.of(row.buy_quantity),
    sellQuantity: Quantity.of(row.sell_quantity),
    gross: money(row.gross),
    fees: money(row.fees),
    net: money(row.net),
    feesPaid: row.fees_paid.map(({ amount, currency }) => Money.of(amount, currency)),
    otherFees: row.other_fees.map((other) => otherFeeOf(other, row.currency)),
    dust: Quantity.of(row.dust),
    exit: row.exit as CycleExit,
    startedAt: Timestamp.fromMicros(Number(row.started_at_us)),
    completedAt: Timestamp.fromMicros(Number(row.completed_at_us)),
  };
}

/** Cycles some of whose fees were valued later: nothing else of them changes. */
export async function amendCycles(tx: Transaction, cycles: readonly Cycle[]): Promise<void> {
  if (cycles.length === 0) return;
  const rows = cycles.map((cycle) => ({ bot_id: cycle.botId, number: cycle.number, ...valuesOf(cycle) }));
  await tx`
    update cycles set fees = given.fees, net = given.net, other_fees = given.other_fees
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as given (
      bot_id text, number integer, fees numeric, net numeric, other_fees jsonb)
    where cycles.bot_id = given.bot_id and cycles.number = given.number`;
}

const valuesOf = (cycle: Cycle) => ({
  fees: Money.format(cycle.fees),
  net: Money.format(cycle.net),
  other_fees: cycle.otherFees.map(({ fee, value, priced }) => ({
    ...amountJson(fee),
    value: value && Money.format(value),
    ...(priced && { price: Price.format(priced.price), pricedAt: priced.at }),
  })),
});

function otherFeeOf({ amount, currency, value, price, pricedAt }: OtherFeeJson, quote: string): OtherFee {
  const priced =
    price === undefined || pricedAt === undefined
      ? null
      : { price: Price.of(price), at: Timestamp.fromMicros(pricedAt) };
  return {
    fee: Money.of(amount, currency),
    value: value === null ? null : Money.of(value, quote),
    priced,
  };
}

const amountJson = (money: Money): JsonObject => ({ amount: Money.format(money), currency: money.currency });
