import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  type AccountId,
  type BotId,
  type Currency,
  type Fill,
  type Instrument,
  type InstrumentId,
  Money,
  notional,
  type Position,
  Quantity,
  type Side,
} from '@scalpstorm/model';
import { addFee } from './fees.js';

/** What a fill needs to know of its instrument. */
export type Pair = Pick<Instrument, 'id' | 'base' | 'quote'>;

export interface PositionOwner {
  readonly accountId: AccountId;
  readonly botId: BotId | null;
  readonly instrumentId: InstrumentId;
}

export function emptyPosition(owner: PositionOwner, quote: Currency, now: Timestamp): Position {
  return {
    accountId: owner.accountId,
    botId: owner.botId,
    instrumentId: owner.instrumentId,
    quantity: Quantity.zero,
    cash: Money.zero(quote),
    fees: [],
    fills: 0,
    updatedAt: now,
  };
}

/**
 * Spot: a buy adds its quantity, less a fee taken in base; cash moves by the notional and by a fee taken in quote.
 * A fee in a third currency moves neither; `fees` has it. The caller applies each trade once.
 */
export function applyFill(position: Position, fill: Fill, instrument: Pair): Position {
  assert(fill.instrumentId === position.instrumentId && instrument.id === position.instrumentId, 'another instrument');
  return {
    ...position,
    quantity: Quantity.plus(position.quantity, baseChange(fill, instrument)),
    cash: Money.plus(position.cash, cashChange(fill, instrument.quote)),
    fees: addFee(position.fees, fill.fee),
    fills: position.fills + 1,
    updatedAt: Timestamp.fromMicros(Math.max(fill.occurredAt, position.updatedAt)),
  };
}

function baseChange(fill: Fill, instrument: Pair): Quantity {
  return netBase(fill.side, fill.quantity, fill.fee.currency === instrument.base ? fill.fee.amount : 0n);
}

/**
 * What a trade does to the base asset held. Money has 18 decimals and quantities 12: a fee between two of them counts
 * as the larger, so that nobody ever believes to hold more than he does.
 */
export function netBase(side: Side, quantity: Quantity, baseFee: bigint): Quantity {
  const moneyUnit = 10n ** 6n;
  const fee = baseFee > 0n ? (baseFee + moneyUnit - 1n) / moneyUnit : baseFee / moneyUnit;
  return Quantity.fromUnits((side === 'buy' ? quantity : -quantity) - fee);
}

function cashChange(fill: Fill, quote: Currency): Money {
  const traded = notional(fill.price, fill.quantity, quote);
  const gross = fill.side === 'buy' ? Money.negate(traded) : traded;
  return fill.fee.currency === quote ? Money.minus(gross, fill.fee) : gross;
}

/** Quote spent (negative) or received by the fills, after fees taken in quote. */
export function cashOf(fills: readonly Fill[], quote: Currency): Money {
  return fills.reduce((cash, fill) => Money.plus(cash, cashChange(fill, quote)), Money.zero(quote));
}
