import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type Bot,
  type BotConfig,
  type BotTotals,
  type BotVerb,
  type Cycle,
  type CycleExit,
  type DesiredState,
  type ObservedState,
  type OtherFee,
  Price,
  Quantity,
} from '@scalpstorm/model';
import * as wire from '../generated/scalpstorm/bot/v1/bot_pb.js';
import {
  enumMapping,
  mode,
  present,
  readAccountId,
  readBotId,
  readInstrumentId,
  readJsonObject,
  readMoney,
  readOptional,
  readPrice,
  readQuantity,
  readReason,
  readText,
  readTimestamp,
  readUserId,
  writeJsonObject,
  writeMoney,
  writeReason,
  writeTimestamp,
} from './values.js';

const desired = enumMapping<DesiredState, wire.DesiredState>({
  running: wire.DesiredState.RUNNING,
  paused: wire.DesiredState.PAUSED,
  stopped: wire.DesiredState.STOPPED,
});
const observed = enumMapping<ObservedState, wire.ObservedState>({
  starting: wire.ObservedState.STARTING,
  running: wire.ObservedState.RUNNING,
  pausing: wire.ObservedState.PAUSING,
  paused: wire.ObservedState.PAUSED,
  stopping: wire.ObservedState.STOPPING,
  flattening: wire.ObservedState.FLATTENING,
  stopped: wire.ObservedState.STOPPED,
  error: wire.ObservedState.ERROR,
});
const cycleExit = enumMapping<CycleExit, wire.CycleExit>({
  target: wire.CycleExit.TARGET,
  'take-profit': wire.CycleExit.TAKE_PROFIT,
  trailing: wire.CycleExit.TRAILING,
  'stop-loss': wire.CycleExit.STOP_LOSS,
  flatten: wire.CycleExit.FLATTEN,
  signal: wire.CycleExit.SIGNAL,
  time: wire.CycleExit.TIME,
});
export const botVerb = enumMapping<BotVerb, wire.BotVerb>({
  start: wire.BotVerb.START,
  pause: wire.BotVerb.PAUSE,
  resume: wire.BotVerb.RESUME,
  stop: wire.BotVerb.STOP,
  flatten: wire.BotVerb.FLATTEN,
});

export const writeBotConfig = (config: BotConfig): MessageInitShape<typeof wire.BotConfigSchema> => ({
  name: config.name,
  strategy: config.strategy,
  accountId: config.accountId,
  mode: mode.write(config.mode),
  instrumentId: config.instrumentId,
  parametersJson: writeJsonObject(config.parameters),
});
export function readBotConfig(value: wire.BotConfig | undefined, at: string): BotConfig {
  const config = present(value, at);
  return {
    name: config.name,
    strategy: readText(config.strategy, `${at}.strategy`),
    accountId: readAccountId(config.accountId, `${at}.account_id`),
    mode: mode.read(config.mode, `${at}.mode`),
    instrumentId: readInstrumentId(config.instrumentId, `${at}.instrument_id`),
    parameters: readJsonObject(config.parametersJson, `${at}.parameters_json`),
  };
}

const writeTotals = (totals: BotTotals): MessageInitShape<typeof wire.BotTotalsSchema> => ({
  cycles: totals.cycles,
  fills: totals.fills,
  pnl: writeMoney(totals.pnl),
  fees: writeMoney(totals.fees),
  held: Quantity.format(totals.held),
});
const readTotals = (totals: wire.BotTotals, at: string): BotTotals => ({
  cycles: totals.cycles,
  fills: totals.fills,
  pnl: readMoney(totals.pnl, `${at}.pnl`),
  fees: readMoney(totals.fees, `${at}.fees`),
  held: readQuantity(totals.held, `${at}.held`),
});

export const writeBot = (bot: Bot): MessageInitShape<typeof wire.BotSchema> => ({
  id: bot.id,
  userId: bot.userId,
  config: writeBotConfig(bot.config),
  desired: desired.write(bot.desired),
  observed: observed.write(bot.observed),
  reason: writeReason(bot.reason),
  sinceUs: writeTimestamp(bot.since),
  totals: writeTotals(bot.totals),
  version: bot.version,
  createdAtUs: writeTimestamp(bot.createdAt),
});
export function readBot(value: wire.Bot | undefined, at: string): Bot {
  const bot = present(value, at);
  return {
    id: readBotId(bot.id, `${at}.id`),
    userId: readUserId(bot.userId, `${at}.user_id`),
    config: readBotConfig(bot.config, `${at}.config`),
    desired: desired.read(bot.desired, `${at}.desired`),
    observed: observed.read(bot.observed, `${at}.observed`),
    reason: readReason(present(bot.reason, `${at}.reason`), `${at}.reason`),
    since: readTimestamp(bot.sinceUs, `${at}.since_us`),
    totals: readTotals(present(bot.totals, `${at}.totals`), `${at}.totals`),
    version: bot.version,
    createdAt: readTimestamp(bot.createdAtUs, `${at}.created_at_us`),
  };
}

export const writeCycle = (cycle: Cycle): MessageInitShape<typeof wire.CycleSchema> => ({
  botId: cycle.botId,
  number: cycle.number,
  instrumentId: cycle.instrumentId,
  mode: mode.write(cycle.mode),
  quantity: Quantity.format(cycle.quantity),
  buyPrice: Price.format(cycle.buyPrice),
  sellPrice: Price.format(cycle.sellPrice),
  gross: writeMoney(cycle.gross),
  fees: writeMoney(cycle.fees),
  net: writeMoney(cycle.net),
  startedAtUs: writeTimestamp(cycle.startedAt),
  completedAtUs: writeTimestamp(cycle.completedAt),
  buyQuantity: Quantity.format(cycle.buyQuantity),
  sellQuantity: Quantity.format(cycle.sellQuantity),
  feesPaid: cycle.feesPaid.map(writeMoney),
  otherFees: cycle.otherFees.map(({ fee, value, priced }) => ({
    fee: writeMoney(fee),
    value: value === null ? undefined : writeMoney(value),
    ...(priced && { price: Price.format(priced.price), pricedAtUs: writeTimestamp(priced.at) }),
  })),
  dust: Quantity.format(cycle.dust),
  exit: cycleExit.write(cycle.exit),
});
function readOtherFee({ fee, value, price, pricedAtUs }: wire.OtherFee, at: string): OtherFee {
  const known = price !== undefined && pricedAtUs !== undefined;
  return {
    fee: readMoney(fee, `${at}.fee`),
    value: readOptional(value, `${at}.value`, readMoney),
    priced: known
      ? { price: readPrice(price, `${at}.price`), at: readTimestamp(pricedAtUs, `${at}.priced_at_us`) }
      : null,
  };
}

export function readCycle(value: wire.Cycle | undefined, at: string): Cycle {
  const cycle = present(value, at);
  return {
    botId: readBotId(cycle.botId, `${at}.bot_id`),
    number: cycle.number,
    instrumentId: readInstrumentId(cycle.instrumentId, `${at}.instrument_id`),
    mode: mode.read(cycle.mode, `${at}.mode`),
    quantity: readQuantity(cycle.quantity, `${at}.quantity`),
    buyPrice: readPrice(cycle.buyPrice, `${at}.buy_price`),
    sellPrice: readPrice(cycle.sellPrice, `${at}.sell_price`),
    gross: readMoney(cycle.gross, `${at}.gross`),
    fees: readMoney(cycle.fees, `${at}.fees`),
    net: readMoney(cycle.net, `${at}.net`),
    startedAt: readTimestamp(cycle.startedAtUs, `${at}.started_at_us`),
    completedAt: readTimestamp(cycle.completedAtUs, `${at}.completed_at_us`),
    buyQuantity: readQuantity(cycle.buyQuantity, `${at}.buy_quantity`),
    sellQuantity: readQuantity(cycle.sellQuantity, `${at}.sell_quantity`),
    feesPaid: cycle.feesPaid.map((fee) => readMoney(fee, `${at}.fees_paid`)),
    otherFees: cycle.otherFees.map((other) => readOtherFee(other, `${at}.other_fees`)),
    dust: readQuantity(cycle.dust, `${at}.dust`),
    exit: cycleExit.read(cycle.exit, `${at}.exit`),
  };
}
