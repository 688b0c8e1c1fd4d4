import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Account, type Balance, type FeeRates, type Position, Quantity } from '@scalpstorm/model';
import { defineContract, defineQuestion } from '../define.js';
import type { AccountChanged, Difference, Reconciled } from '../events.js';
import * as wire from '../generated/scalpstorm/execution/v1/execution_pb.js';
import type { AccountAnswer, AccountRequest } from '../questions.js';
import { readAnswer } from './answers.js';
import {
  enumMapping,
  mode,
  present,
  readAccountId,
  readAll,
  readBotId,
  readCurrency,
  readInstrumentId,
  readMeta,
  readMoney,
  readOptional,
  readQuantity,
  readRate,
  readTimestamp,
  readVenueId,
  unreadable,
  writeMeta,
  writeMoney,
  writeOptionalTimestamp,
  writeRefusals,
  writeTimestamp,
} from './values.js';

export const trigger = enumMapping<Reconciled['trigger'], wire.ReconcileTrigger>({
  start: wire.ReconcileTrigger.START,
  reconnect: wire.ReconcileTrigger.RECONNECT,
  timer: wire.ReconcileTrigger.TIMER,
  request: wire.ReconcileTrigger.REQUEST,
});
const differenceKind = enumMapping<Difference['kind'], wire.DifferenceKind>({
  order: wire.DifferenceKind.ORDER,
  fill: wire.DifferenceKind.FILL,
  balance: wire.DifferenceKind.BALANCE,
  position: wire.DifferenceKind.POSITION,
});
const verb = enumMapping<AccountRequest['kind'], wire.AccountVerb>({
  list: wire.AccountVerb.LIST,
  get: wire.AccountVerb.GET,
  reconcile: wire.AccountVerb.RECONCILE,
  fees: wire.AccountVerb.FEES,
});

export const accountChanged = defineContract(
  {
    schema: wire.AccountChangedSchema,
    toWire: (event: AccountChanged) => ({
      meta: writeMeta(event.meta),
      account: writeAccount(event.account),
      balances: event.balances.map(writeBalance),
      positions: event.positions.map(writePosition),
    }),
    fromWire: (message, at): AccountChanged => ({
      meta: readMeta(message.meta, at),
      account: readAccount(present(message.account, `${at}.account`), `${at}.account`),
      balances: readAll(message.balances, `${at}.balances`, readBalance),
      positions: readAll(message.positions, `${at}.positions`, readPosition),
    }),
  },
  { account: (event) => event.account.id },
);

export const reconciled = defineContract(
  {
    schema: wire.ReconciledSchema,
    toWire: (event: Reconciled) => ({
      meta: writeMeta(event.meta),
      accountId: event.accountId,
      trigger: trigger.write(event.trigger),
      differences: event.differences.map(writeDifference),
      clean: event.clean,
    }),
    fromWire: (message, at): Reconciled => ({
      meta: readMeta(message.meta, at),
      accountId: readAccountId(message.accountId, `${at}.account_id`),
      trigger: trigger.read(message.trigger, `${at}.trigger`),
      differences: readAll(message.differences, `${at}.differences`, readDifference),
      clean: message.clean,
    }),
  },
  { account: (event) => event.accountId },
);

export const accountQuestion = defineQuestion(
  {
    schema: wire.AccountAskRequestSchema,
    toWire: (request: AccountRequest) => ({
      verb: verb.write(request.kind),
      accountId: request.accountId,
      instrumentId: request.kind === 'fees' ? request.instrumentId : '',
    }),
    fromWire: (message, at): AccountRequest => {
      const kind = verb.read(message.verb, `${at}.verb`);
      if (kind === 'list' && message.accountId === '') return { kind, accountId: '' };
      const accountId = readAccountId(message.accountId, `${at}.account_id`);
      if (kind !== 'fees') return { kind, accountId };
      return { kind, accountId, instrumentId: readInstrumentId(message.instrumentId, `${at}.instrument_id`) };
    },
  },
  {
    schema: wire.AccountAskReplySchema,
    toWire: (reply: AccountAnswer) => {
      if (!reply.ok) return { answer: { case: 'refused' as const, value: writeRefusals(reply.refusals) } };
      const { accounts, balances, positions, reconciled, differences, fees = [], balancesAsOf } = reply.value;
      const value = {
        accounts: accounts.map(writeAccount),
        balances: balances.map(writeBalance),
        positions: positions.map(writePosition),
        reconciled,
        differences: differences.map(writeDifference),
        fees: fees.map(writeFeeRates),
        balancesAsOfUs: writeOptionalTimestamp(balancesAsOf ?? null),
      };
      return { answer: { case: 'standing' as const, value } };
    },
    fromWire: ({ answer }, at): AccountAnswer => readAnswer(answer, at, { standing: readStanding }),
  },
);

const readStanding = (standing: wire.AccountStanding, at: string) => ({
  accounts: readAll(standing.accounts, `${at}.accounts`, readAccount),
  balances: readAll(standing.balances, `${at}.balances`, readBalance),
  positions: readAll(standing.positions, `${at}.positions`, readPosition),
  reconciled: standing.reconciled,
  differences: readAll(standing.differences, `${at}.differences`, readDifference),
  fees: readAll(standing.fees, `${at}.fees`, readFeeRates),
  balancesAsOf: readOptional(standing.balancesAsOfUs, `${at}.balances_as_of_us`, readTimestamp),
});

const writeFeeRates = (rates: FeeRates): MessageInitShape<typeof wire.FeeRatesSchema> => ({
  instrumentId: rates.instrumentId,
  makerFeeRate: rates.makerFeeRate,
  takerFeeRate: rates.takerFeeRate,
});
const readFeeRates = (rates: wire.FeeRates, at: string): FeeRates => ({
  instrumentId: readInstrumentId(rates.instrumentId, `${at}.instrument_id`),
  makerFeeRate: readRate(rates.makerFeeRate, `${at}.maker_fee_rate`),
  takerFeeRate: readRate(rates.takerFeeRate, `${at}.taker_fee_rate`),
});

const writeAccount = (account: Account): MessageInitShape<typeof wire.AccountSchema> => ({
  id: account.id,
  venue: account.venue,
  mode: mode.write(account.mode),
  label: account.label,
});
const readAccount = (account: wire.Account, at: string): Account => ({
  id: readAccountId(account.id, `${at}.id`),
  venue: readVenueId(account.venue, `${at}.venue`),
  mode: mode.read(account.mode, `${at}.mode`),
  label: account.label,
});

const writeBalance = (balance: Balance): MessageInitShape<typeof wire.BalanceSchema> => ({
  currency: balance.currency,
  free: writeMoney(balance.free),
  locked: writeMoney(balance.locked),
});
function readBalance(balance: wire.Balance, at: string): Balance {
  const currency = readCurrency(balance.currency, `${at}.currency`);
  const free = readMoney(balance.free, `${at}.free`);
  const locked = readMoney(balance.locked, `${at}.locked`);
  if (free.currency !== currency) return unreadable(`${at}.free.currency`, `not ${currency}`, free.currency);
  if (locked.currency !== currency) return unreadable(`${at}.locked.currency`, `not ${currency}`, locked.currency);
  return { currency, free, locked };
}

const writePosition = (position: Position): MessageInitShape<typeof wire.PositionSchema> => ({
  accountId: position.accountId,
  botId: position.botId ?? undefined,
  instrumentId: position.instrumentId,
  quantity: Quantity.format(position.quantity),
  cash: writeMoney(position.cash),
  fees: position.fees.map(writeMoney),
  fills: position.fills,
  updatedAtUs: writeTimestamp(position.updatedAt),
});
const readPosition = (position: wire.Position, at: string): Position => ({
  accountId: readAccountId(position.accountId, `${at}.account_id`),
  botId: readOptional(position.botId, `${at}.bot_id`, readBotId),
  instrumentId: readInstrumentId(position.instrumentId, `${at}.instrument_id`),
  quantity: readQuantity(position.quantity, `${at}.quantity`),
  cash: readMoney(position.cash, `${at}.cash`),
  fees: readAll(position.fees, `${at}.fees`, readMoney),
  fills: position.fills,
  updatedAt: readTimestamp(position.updatedAtUs, `${at}.updated_at_us`),
});

export const writeDifference = (difference: Difference): MessageInitShape<typeof wire.DifferenceSchema> => ({
  kind: differenceKind.write(difference.kind),
  accountId: difference.accountId,
  subject: difference.subject,
  ours: difference.ours,
  theirs: difference.theirs,
  decision: difference.decision,
  repaired: difference.repaired,
});
export const readDifference = (difference: wire.Difference, at: string): Difference => ({
  kind: differenceKind.read(difference.kind, `${at}.kind`),
  accountId: readAccountId(difference.accountId, `${at}.account_id`),
  subject: difference.subject,
  ours: difference.ours,
  theirs: difference.theirs,
  decision: difference.decision,
  repaired: difference.repaired,
});
