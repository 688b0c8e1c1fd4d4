import { instrumentFromJson } from '@scalpstorm/contracts';
import { assert, Timestamp } from '@scalpstorm/kernel';
import {
  AccountId,
  type Bot,
  BotId,
  type DesiredState,
  type Instrument,
  type InstrumentId,
  type JsonObject,
  type Mode,
  Money,
  type ObservedState,
  Quantity,
  UserId,
} from '@scalpstorm/model';
import type { StoredBot } from '../ports/bot-store.js';

export interface BotRow {
  readonly id: string;
  readonly user_id: string;
  readonly name: string;
  readonly strategy: string;
  readonly account_id: string;
  readonly mode: string;
  readonly instrument_id: string;
  readonly parameters: JsonObject;
  readonly desired: string;
  readonly observed: string;
  readonly reason_code: string;
  readonly reason_text: string;
  readonly since_us: string | bigint;
  readonly cycles: number;
  readonly fills: number;
  readonly pnl: string;
  readonly fees: string;
  readonly held: string;
  readonly currency: string;
  readonly version: number;
  readonly created_at_us: string | bigint;
  readonly state: JsonObject;
  readonly instrument: JsonObject | null;
  readonly deleted_at_us: string | bigint | null;
  /** The last row of its journal. */
  readonly journalled: number | null;
}

export function botFromRow(row: BotRow): StoredBot {
  return {
    state: row.state,
    instrument: row.instrument && readInstrument(row.instrument),
    ...(row.journalled !== null && { journalled: row.journalled }),
    bot: {
      id: BotId.of(row.id),
      userId: UserId.of(row.user_id),
      config: {
        name: row.name,
        strategy: row.strategy,
        accountId: AccountId.of(row.account_id),
        mode: row.mode as Mode,
        instrumentId: row.instrument_id as InstrumentId,
        parameters: row.parameters,
      },
      desired: row.desired as DesiredState,
      observed: row.observed as ObservedState,
      reason: { code: row.reason_code, text: row.reason_text },
      since: micros(row.since_us),
      totals: {
        cycles: row.cycles,
        fills: row.fills,
        pnl: Money.of(row.pnl, row.currency),
        fees: Money.of(row.fees, row.currency),
        held: Quantity.of(row.held),
      },
      version: row.version,
      createdAt: micros(row.created_at_us),
    },
  };
}

export function rowFromBot(bot: Bot) {
  const { config, totals } = bot;
  return {
    ...movedRow(bot),
    user_id: bot.userId,
    name: config.name,
    strategy: config.strategy,
    account_id: config.accountId,
    mode: config.mode,
    instrument_id: config.instrumentId,
    currency: totals.pnl.currency,
    created_at_us: bot.createdAt,
  };
}

/** What its trading and its user's verbs change. */
export function movedRow(bot: Bot) {
  const { totals } = bot;
  return {
    id: bot.id,
    desired: bot.desired,
    observed: bot.observed,
    reason_code: bot.reason.code,
    reason_text: bot.reason.text,
    since_us: bot.since,
    cycles: totals.cycles,
    fills: totals.fills,
    pnl: Money.format(totals.pnl),
    fees: Money.format(totals.fees),
    held: Quantity.format(totals.held),
    version: bot.version,
  };
}

/** One that can not be read was written by another version: market-data is asked again. */
function readInstrument(json: JsonObject): Instrument | null {
  try {
    return instrumentFromJson(json);
  } catch {
    return null;
  }
}

function micros(value: string | bigint): Timestamp {
  const number = Number(value);
  assert(Number.isSafeInteger(number), `not a timestamp: ${value}`);
  return Timestamp.fromMicros(number);
}
